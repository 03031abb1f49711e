/**
 * MessagePack and JSON say the same thing; bytes are binary in one and `$bytes` in the other.
 */
import { pack, unpack } from 'msgpackr';
import { expect, test } from 'vitest';
import { makeTestApp } from '../testkit/test-app.ts';

const MSGPACK = 'application/msgpack';

test('bytes come back as bytes in MessagePack and as $bytes in JSON', async () => {
  await using server = await makeTestApp();
  const value = { name: 'picture', data: Buffer.from([0, 1, 254, 255]), deep: [{ n: 1.5 }] };
  const url = '/api/v1/keys/picture';
  const written = await server.app.inject({
    method: 'PUT',
    url,
    headers: { 'content-type': MSGPACK, accept: MSGPACK },
    payload: pack({ value }),
  });
  expect(written.statusCode).toBe(200);
  expect(unpack(written.rawPayload)).toMatchObject({ key: 'picture' });
  const json = (await server.send('GET', url)).json();
  expect(json.value).toEqual({ ...value, data: { $bytes: 'AAH+/w==' } });
  const packed = await server.app.inject({ method: 'GET', url, headers: { accept: MSGPACK } });
  expect(packed.headers['content-type']).toBe(MSGPACK);
  expect(unpack(packed.rawPayload).value).toEqual(value);
});

test('a map entry called __proto__ and large integers survive, or are refused by name', async () => {
  await using server = await makeTestApp();
  const put = (payload: Buffer) =>
    server.app.inject({
      method: 'PUT',
      url: '/api/v1/keys/k',
      headers: { 'content-type': MSGPACK },
      payload,
    });
  await put(pack({ value: new Map([['__proto__', 2n ** 40n]]) }));
  expect((await server.send('GET', '/api/v1/keys/k')).body).toContain(
    '{"__proto__":1099511627776}',
  );
  const beyond = await put(pack({ value: 2n ** 60n }));
  expect(beyond.json()).toMatchObject({ type: 'malformed-msgpack', status: 400 });
  const broken = await put(Buffer.from([0xc1, 0xff]));
  expect(broken.json().type).toBe('malformed-msgpack');
});

test('an invocation over MessagePack', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/dags/composition/invocations',
    headers: { 'content-type': MSGPACK, accept: MSGPACK },
    payload: pack({ arguments: { inc: { x: 4 } } }),
  });
  expect(unpack(answer.rawPayload)).toMatchObject({ result: 25, attempts: 1 });
});
