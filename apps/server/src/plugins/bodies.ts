/**
 * The two body formats. A form or plain text is refused, so no page of another site can cause an
 * effect with a request that browsers send unasked.
 */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unpackToJsonForm } from './msgpack.ts';
import { UnreadableBody } from './problems.ts';

/** A number that is too large for a double has one of these. */
const MAY_OVERFLOW = /\d[eE]\+?\d{3}|\d{200}/u;

function hasInfinity(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (next === Infinity || next === -Infinity) return true;
    if (typeof next !== 'object' || next === null) continue;
    for (const member of Object.values(next)) open.push(member);
  }
  return false;
}

/**
 * `JSON.parse` makes own properties whatever their names; an entry called `__proto__` is data, and
 * stays data because nothing here assigns by a name that came from outside.
 */
function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) {
    throw new UnreadableBody('malformed-json', 'The body is not UTF-8. Encode its text as UTF-8.');
  }
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableBody('malformed-json', `The body does not parse as JSON: ${reason}.`);
  }
  // Written as JSON again it would be null, and nobody told.
  if (MAY_OVERFLOW.test(text) && hasInfinity(value)) {
    const detail =
      'The body holds a number beyond ±1.8e308, the largest there is. Send it as text.';
    throw new UnreadableBody('malformed-json', detail);
  }
  return value;
}

function unpack(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return unpackToJsonForm(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const detail = `The body does not unpack as MessagePack: ${reason}.`;
    throw new UnreadableBody('malformed-msgpack', detail);
  }
}

function refuseEncoded({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  const detail = `A body is sent as it is; this one came with the content encoding ${encoding}.`;
  throw new UnreadableBody('unsupported-media-type', detail);
}

export function addBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, bytes, done) => {
      try {
        refuseEncoded(request);
        done(null, parseJson(bytes));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
  app.addContentTypeParser<Buffer>(
    ['application/msgpack', 'application/x-msgpack', 'application/vnd.msgpack'],
    { parseAs: 'buffer' },
    (request, bytes, done) => {
      try {
        refuseEncoded(request);
        done(null, unpack(bytes));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
}
