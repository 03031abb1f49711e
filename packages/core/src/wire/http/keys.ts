/**
 * Bodies of `/api/v1/keys` (api.md, "Keys").
 */
import * as z from 'zod';
import { versionVector, versionVectors } from '../value/version-vector.ts';

export const keyBody = z.strictObject({ value: z.unknown() });

export const keyDetail = z.object({
  key: z.string(),
  value: z.unknown(),
  siblings: z.array(z.object({ value: z.unknown(), writer: z.string(), timestamp: z.number() })),
  version: versionVector,
  dependencies: versionVectors,
  kind: z.enum(['register', 'counter', 'set', 'map', 'max']),
});
export type KeyDetail = z.infer<typeof keyDetail>;

export const keyWritten = z.object({ key: z.string(), version: versionVector });

export const keyList = z.object({
  keys: z.array(
    z.object({
      key: z.string(),
      version: versionVector,
      kind: z.enum(['register', 'counter', 'set', 'map', 'max']),
      bytes: z.number(),
    }),
  ),
  cursor: z.string().optional(),
});
