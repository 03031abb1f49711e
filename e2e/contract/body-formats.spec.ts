/**
 * MessagePack says what JSON says, and bytes stay bytes there.
 */
import { keyPath } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';
import { pack, unpack } from './msgpack.ts';

const MSGPACK = 'application/msgpack';

/** A request in MessagePack that asks for MessagePack back. */
async function exchange(url: string, method: string, body?: Uint8Array<ArrayBuffer>) {
  const response = await fetch(url, {
    method,
    headers: { accept: MSGPACK, ...(body === undefined ? {} : { 'content-type': MSGPACK }) },
    ...(body === undefined ? {} : { body }),
  });
  expect(response.headers.get('content-type')).toContain(MSGPACK);
  return { status: response.status, body: unpack(new Uint8Array(await response.arrayBuffer())) };
}

test('bytes are binary in MessagePack and $bytes in JSON', async ({ api, unique, server }) => {
  const key = unique('picture');
  const bytes = new Uint8Array([0, 1, 127, 128, 254, 255]);
  const value = { name: 'picture', bytes, deep: [{ n: 1.5 }, null, true] };
  const written = await exchange(server.url + keyPath(key), 'PUT', pack({ value }));
  expect(written).toMatchObject({ status: 200, body: { key, version: expect.any(Object) } });

  const inJson = await api.key(key);
  expect(inJson.value).toEqual({ ...value, bytes: { $bytes: 'AAF/gP7/' } });
  const inMsgpack = await exchange(server.url + keyPath(key), 'GET');
  expect(inMsgpack.body).toMatchObject({ value });

  await api.putKey(key, { $bytes: 'AAF/gP7/' });
  const back = (await exchange(server.url + keyPath(key), 'GET')).body as { value: unknown };
  expect(back.value).toEqual(bytes);
});

test('an invocation over MessagePack: user code gets bytes and returns bytes', async ({
  api,
  unique,
  server,
}) => {
  const name = unique('invert');
  const source =
    'export default (bytes) => ({ is: bytes instanceof Uint8Array, out: bytes.map((b) => 255 - b) })';
  await api.putFunction(name, source);
  const url = `${server.url}/api/v1/functions/${name}/invocations`;
  const body = pack({ arguments: { bytes: new Uint8Array([0, 1, 255]) }, consistency: 'causal' });
  const answer = await exchange(url, 'POST', body);
  expect(answer.body).toMatchObject({
    result: { is: true, out: new Uint8Array([255, 254, 0]) },
    consistency: 'causal',
  });
  const inJson = await api.invokeFunction(name, { bytes: { $bytes: 'AAH/' } });
  expect(inJson.body.result).toEqual({ is: true, out: { $bytes: '//4A' } });
});

test('a body that is no MessagePack is refused', async ({ api, unique }) => {
  const answer = await api.request('PUT', keyPath(unique('never')), {
    body: new Uint8Array([0xc1, 0xff]),
    headers: { 'content-type': MSGPACK },
  });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ status: 400, type: expect.stringMatching(/^malformed-/u) });
});

test('the contract is published, and the server says how it is', async ({ api }) => {
  const document = await api.get<{ openapi: string; paths: Record<string, object> }>(
    '/openapi.json',
  );
  expect(document.body.openapi).toMatch(/^3\.1/u);
  expect(Object.keys(document.body.paths)).toEqual(
    expect.arrayContaining([
      '/api/v1/functions/{name}',
      '/api/v1/dags/{name}',
      '/api/v1/dags/{name}/invocations',
      '/api/v1/functions/{name}/invocations',
      '/api/v1/invocations/{id}/trace',
      '/api/v1/keys/{key}',
      '/api/v1/cluster',
      '/api/v1/events',
    ]),
  );
  const docs = await fetch(`${api.url}/docs`);
  expect(docs.headers.get('content-type')).toContain('text/html');
  const metrics = await fetch(`${api.url}/metrics`);
  expect(await metrics.text()).toMatch(/^# HELP /mu);
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
});
