/**
 * The header `Idempotency-Key`: what a client calls a request by that it may send again.
 */
import { fail, succeed, type Result } from '@stormglass/core';

export const idempotencyHeader = {
  name: 'Idempotency-Key',
  description: '1 to 255 visible ASCII characters, quotes allowed.',
};

/** Of an answer that was given before. */
export const IDEMPOTENT_REPLAYED = { 'idempotent-replayed': 'true' };

const LENGTH_MAX = 255;
/** A string as structured fields write it (RFC 9651), or its characters alone. */
const PATTERN = /^(?:"(?<quoted>[\x20-\x21\x23-\x5b\x5d-\x7e]+)"|(?<bare>[\x21\x23-\x7e]+))$/u;

/** `undefined` when there is no such header. */
export function parseIdempotencyKey(header: string | undefined): Result<string | undefined> {
  if (header === undefined) return succeed(undefined);
  const { quoted, bare } = PATTERN.exec(header)?.groups ?? {};
  const key = quoted ?? bare;
  if (key !== undefined && key.length <= LENGTH_MAX) return succeed(key);
  const detail =
    key === undefined
      ? 'The Idempotency-Key has to be visible ASCII characters, with or without quotes around them.'
      : `The Idempotency-Key has ${key.length} characters, the limit is ${LENGTH_MAX}.`;
  return fail({ type: 'invalid-idempotency-key', detail });
}
