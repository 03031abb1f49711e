/**
 * `/api/v1/keys` (api.md, "Keys").
 */
import { keyDetail } from '@stormglass/core';
import type { Key, KeyDetail } from '@stormglass/core';
import { request } from './request.ts';
import type { Answer } from './request.ts';

/** Problem `key-not-found` when the key is absent. */
export const getKey = (key: Key): Promise<Answer<KeyDetail>> =>
  request('GET', `/keys/${encodeURIComponent(key)}`, { schema: keyDetail });
