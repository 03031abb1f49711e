/**
 * The failure of a read or write for which storage would have been needed and did not answer.
 */
import type { Failure, Key } from '@stormglass/core';
import { STORE_TIMEOUT_MS } from '../limits.ts';

export const storageSilent = (key: Key): Failure => ({
  type: 'unavailable',
  key,
  detail:
    `Storage did not answer for the key ${JSON.stringify(key)} within ${STORE_TIMEOUT_MS} ms. ` +
    'Try again.',
});
