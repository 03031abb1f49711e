/**
 * The two body formats. A form or plain text is refused, so no page of another site can cause an
 * effect with a request that browsers send unasked.
 */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unpackToJsonForm } from './msgpack.ts';
import { UnreadableBody } from './problems.ts';

/**
 * `JSON.parse` makes own properties whatever their names; an entry called `__proto__` is data, and
 * stays data because nothing here assigns by a name that came from outside.
 */
function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) {
    throw new UnreadableBody('malformed-json', 'The body is not UTF-8. Encode its text as UTF-8.');
  }
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableBody('malformed-json', `The body does not parse as JSON: ${reason}.`);
  }
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
