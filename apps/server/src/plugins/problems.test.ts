/**
 * Bad input, whatever it is, is answered with a problem document that says what to do, and changes
 * nothing.
 */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { makeTestApp } from '../testkit/test-app.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const path = '/api/v1/dags/composition/invocations';

test.each([
  ['{"a":', 'malformed-json', 400],
  ['"text"', 'invalid-request', 400],
  ['[1]', 'invalid-request', 400],
  ['null', 'invalid-request', 400],
])('body %s: %s', async (payload, type, status) => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const answer = await server.app.inject({
    method: 'PUT',
    url: '/api/v1/dags/d',
    headers: JSON_TYPE,
    payload,
  });
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ type, status });
  expect(answer.json().detail.length).toBeGreaterThan(20);
});

test('an unknown level names the field, what came and what there is', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const body = { arguments: { inc: { x: 1 } }, consistency: 'strict' };
  const problem = (await server.send('POST', path, body)).json();
  expect(problem.type).toBe('invalid-request');
  expect(problem.errors[0].field).toBe('/consistency');
  expect(problem.errors[0].message).toContain('"repeatable-read"');
  expect(problem.errors[0].message).toContain('got "strict"');
});

test('an unknown field is refused by name', async () => {
  await using server = await makeTestApp();
  const body = { source: 'export default 1', memory: 5 };
  const problem = (await server.send('PUT', '/api/v1/functions/f', body)).json();
  expect(problem.type).toBe('invalid-request');
  expect(problem.errors).toEqual([{ field: '/memory', message: 'there is no such field' }]);
  expect(problem.detail).toContain('memory: there is no such field');
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'a body of type %s has no effect',
  async (type) => {
    await using server = await makeTestApp();
    const answer = await server.app.inject({
      method: 'PUT',
      url: '/api/v1/keys/k',
      headers: { 'content-type': type },
      payload: '{"value":1}',
    });
    expect(answer.statusCode).toBe(415);
    expect(answer.json().type).toBe('unsupported-media-type');
    expect((await server.send('GET', '/api/v1/keys/k')).statusCode).toBe(404);
  },
);

test('an unknown address, a wrong method, an address that cannot be read', async () => {
  await using server = await makeTestApp();
  const unknown = await server.send('GET', '/api/v1/nothing');
  expect(unknown.statusCode).toBe(404);
  expect(unknown.json()).toMatchObject({
    type: 'not-found',
    detail: expect.stringContaining('/api/v1/nothing'),
  });
  const wrong = await server.send('PATCH', '/api/v1/dags/x', { a: 1 });
  expect(wrong.statusCode).toBe(405);
  expect(wrong.headers.allow).toBe('PUT, GET, DELETE');
  expect(wrong.json().type).toBe('method-not-allowed');
  const unreadable = await server.send('GET', '/api/v1/dags/%E0%A4%A');
  expect(unreadable.statusCode).toBe(400);
  expect(unreadable.json().type).toBe('invalid-request');
});

test('entries called __proto__ stay data and pollute nothing', async () => {
  await using server = await makeTestApp();
  const value = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
  const put = (url: string, payload: string) =>
    server.app.inject({ method: 'PUT', url, headers: JSON_TYPE, payload });
  await put('/api/v1/keys/k', `{"value":${value}}`);
  const read = await server.send('GET', '/api/v1/keys/k');
  expect(read.body).toContain(`"value":${value}`);
  await server.registerComposition();
  const call = await server.app.inject({
    method: 'POST',
    url: path,
    headers: JSON_TYPE,
    payload: '{"arguments":{"inc":{"x":1,"__proto__":5}}}',
  });
  expect(call.json()).toMatchObject({ type: 'unknown-parameter', parameter: '__proto__' });
  const node = await server.app.inject({
    method: 'POST',
    url: path,
    headers: JSON_TYPE,
    payload: '{"arguments":{"inc":{"x":1},"__proto__":{"x":5}}}',
  });
  expect(node.json()).toMatchObject({ type: 'unknown-node', node: '__proto__' });
  const body = await put('/api/v1/dags/d', '{"nodes":[],"__proto__":{"edges":1}}');
  expect(body.json().type).toBe('invalid-request');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a parameter called __proto__ gets its argument', async () => {
  await using server = await makeTestApp();
  const source = 'export default (__proto__) => __proto__ + 1';
  await server.send('PUT', '/api/v1/functions/odd', { source });
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/functions/odd/invocations',
    headers: JSON_TYPE,
    payload: '{"arguments":{"__proto__":41}}',
  });
  expect(answer.json().result).toBe(42);
});

test.each(['1e999', '[{"a":-1e0400}]', '9'.repeat(310)])(
  'a number that no double holds is refused, not stored as null: %.20s',
  async (text) => {
    await using server = await makeTestApp();
    const put = (value: string) =>
      server.app.inject({
        method: 'PUT',
        url: '/api/v1/keys/k',
        headers: { 'content-type': 'application/json' },
        payload: `{"value":${value}}`,
      });
    expect((await put(text)).json()).toMatchObject({ type: 'malformed-json', status: 400 });
    expect((await server.send('GET', '/api/v1/keys/k')).statusCode).toBe(404);
    expect((await put('["1e999", 1e308, 1e-999]')).statusCode).toBe(200);
    expect((await server.send('GET', '/api/v1/keys/k')).json().value).toEqual(['1e999', 1e308, 0]);
  },
);

test('a value nested beyond the stack is refused, not a crash', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  const deep = '['.repeat(2_000_000) + ']'.repeat(2_000_000);
  const answer = await server.app.inject({
    method: 'POST',
    url: path,
    headers: JSON_TYPE,
    payload: `{"arguments":{"inc":{"x":${deep}}}}`,
  });
  expect(answer.statusCode).toBe(400);
  expect(['invalid-request', 'malformed-json']).toContain(answer.json().type);
});

test('a bug in the cluster is an internal problem that tells no details', async () => {
  await using server = await makeTestApp();
  await server.registerComposition();
  server.cluster.script = () => Promise.reject(new Error('secret of the inside'));
  const answer = await server.send('POST', path, { arguments: { inc: { x: 1 } } });
  expect(answer.statusCode).toBe(500);
  expect(answer.json().type).toBe('internal');
  expect(answer.body).not.toContain('secret');
  const { invocations } = (await server.send('GET', '/api/v1/invocations')).json();
  expect(invocations).toMatchObject([{ status: 'failed', error: { type: 'internal' } }]);
});

test('a body of 20 MB is refused with 413 to a client that sends it all before it reads', async () => {
  await using server = await makeTestApp();
  const address = new URL(await server.listen());
  const body = JSON.stringify({ value: 'x'.repeat(20 * 1024 * 1024) });
  const socket = connect(Number(address.port), address.hostname);
  socket.setEncoding('utf8');
  let received = '';
  const hasBoth = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after: ${received}`)));
    socket.on('data', (part: string) => {
      received += part;
      if (received.includes('"status":"ok"')) resolve();
    });
  });
  const head = `Host: localhost\r\nContent-Type: application/json\r\n`;
  socket.pause();
  await new Promise((resolve) => {
    socket.write(`PUT /api/v1/keys/k HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n`);
    socket.write(body, resolve);
  });
  // The connection lives on: the next request on it is answered.
  socket.write(`GET /healthz HTTP/1.1\r\n${head}\r\n`);
  socket.resume();
  await hasBoth;
  socket.destroy();
  expect(received).toMatch(/^HTTP\/1\.1 413 /u);
  expect(received).toContain('"type":"body-too-large"');
  expect(received).toContain('20.0 MB');
});

test('a body of unknown length is refused as soon as it is too large', async () => {
  await using server = await makeTestApp();
  const address = new URL(await server.listen());
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const request = httpRequest(
      {
        host: address.hostname,
        port: address.port,
        method: 'PUT',
        path: '/api/v1/keys/k',
        headers: JSON_TYPE,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.on('error', reject);
    for (let part = 0; part < 20; part += 1) request.write('x'.repeat(1024 * 1024));
    request.end();
  });
  expect(status).toBe(413);
});

test('what is not HTTP is answered and closed', async () => {
  await using server = await makeTestApp();
  const address = new URL(await server.listen());
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(address.port), address.hostname);
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (received += part));
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
    socket.write('HELLO\r\n\r\n');
  });
  expect(text).toContain('400 Bad Request');
  expect(text).toContain('"type":"invalid-request"');
});
