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

test.each([
  ['not a number', Buffer.from('cb7ff8000000000000', 'hex')],
  ['infinity', Buffer.from('91ca7f800000', 'hex')],
  ['a set', Buffer.from('d47300920102', 'hex')],
  ['a regular expression', Buffer.from('d4780092a161a167', 'hex')],
  ['the byte that MessagePack never uses', Buffer.from('c1', 'hex')],
])('%s, which JSON would write as something else, is refused', async (_what, value) => {
  await using server = await makeTestApp();
  const url = '/api/v1/keys/k';
  const answer = await server.app.inject({
    method: 'PUT',
    url,
    headers: { 'content-type': MSGPACK },
    payload: Buffer.concat([Buffer.from([0x81]), pack('value'), value]),
  });
  expect(answer.json()).toMatchObject({ type: 'malformed-msgpack', status: 400 });
  expect((await server.send('GET', url)).statusCode).toBe(404);
});

test('an object whose $bytes is no base64 is an object in both formats', async () => {
  await using server = await makeTestApp();
  const url = '/api/v1/keys/k';
  for (const value of [{ $bytes: '!!!' }, { $bytes: '-_8=' }]) {
    await server.send('PUT', url, { value });
    const packed = await server.app.inject({ method: 'GET', url, headers: { accept: MSGPACK } });
    expect(unpack(packed.rawPayload).value).toEqual(value);
  }
});

test('text that is not UTF-8 is refused, not stored with other characters', async () => {
  await using server = await makeTestApp();
  const url = '/api/v1/keys/k';
  const answer = await server.app.inject({
    method: 'PUT',
    url,
    headers: { 'content-type': 'application/json' },
    payload: Buffer.from('{"value":"caf\xe9"}', 'latin1'),
  });
  expect(answer.json()).toMatchObject({ type: 'malformed-json', status: 400 });
  expect((await server.send('GET', url)).statusCode).toBe(404);
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
