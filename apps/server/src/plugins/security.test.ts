/**
 * Who may ask (correctness.md section 9): rebinding, cross-site requests, tokens, and what pages
 * may do.
 */
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { makeTestApp } from '../testkit/test-app.ts';
import { hostName } from './security.ts';

test.each([
  ['localhost:4600', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
  ['[::1]:4600', '[::1]'],
  ['EVIL.test:1', 'evil.test'],
  ['localhost:4600@evil.test', ''],
  ['', ''],
])('the name in %s is %s', (authority, name) => {
  expect(hostName(authority)).toBe(name);
});

test.each([
  'evil.test',
  'localhost.evil.test',
  '127.0.0.1.evil.test:4600',
  'evil.test:80@localhost',
])('a request with the Host header %j is refused', async (host) => {
  await using server = await makeTestApp();
  const answer = await server.send('GET', '/api/v1/cluster', undefined, { host });
  expect(answer.statusCode).toBe(403);
  expect(answer.json().type).toBe('forbidden-host');
});

test('a request without a Host header is refused', async () => {
  await using server = await makeTestApp();
  const address = new URL(await server.listen());
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(address.port), address.hostname);
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (received += part));
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
    socket.write('GET /api/v1/cluster HTTP/1.0\r\n\r\n');
  });
  expect(answer).toContain('403 Forbidden');
  expect(answer).toContain('forbidden-host');
});

test('X-Forwarded-Host changes nothing', async () => {
  await using server = await makeTestApp();
  const headers = { host: 'evil.test', 'x-forwarded-host': 'localhost' };
  expect((await server.send('GET', '/healthz', undefined, headers)).statusCode).toBe(403);
});

test.each(['http://evil.test', 'null', 'http://localhost.evil.test', 'http://localhost:5173'])(
  'a page at %s is refused',
  async (origin) => {
    await using server = await makeTestApp();
    const headers = { host: 'localhost:4600', origin };
    const answer = await server.send('PUT', '/api/v1/keys/k', { value: 1 }, headers);
    expect(answer.statusCode).toBe(403);
    expect(answer.json().type).toBe('forbidden-origin');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect((await server.send('GET', '/api/v1/keys/k')).statusCode).toBe(404);
  },
);

test('the own page, and allowed ones, may', async () => {
  const security = {
    allowedHosts: ['localhost'],
    allowedOrigins: ['http://localhost:5173'],
    token: undefined,
  };
  await using server = await makeTestApp({ security });
  for (const origin of ['http://localhost:4600', 'http://localhost:5173']) {
    const headers = { host: 'localhost:4600', origin };
    expect((await server.send('GET', '/api/v1/cluster', undefined, headers)).statusCode).toBe(200);
  }
});

test('with a token every API route needs it, and the answer tells nothing of it', async () => {
  const token = 'correct horse battery';
  await using server = await makeTestApp({
    security: { allowedHosts: undefined, allowedOrigins: [], token },
  });
  const paths = [
    '/api/v1/cluster',
    '/api/v1/keys',
    '/api/v1/events',
    '/metrics',
    '/openapi.json',
    '/docs',
  ];
  for (const path of paths) {
    for (const authorization of [undefined, 'Bearer wrong', `Basic ${token}`, `Bearer ${token}x`]) {
      const answer = await server.send('GET', path, undefined, {
        host: 'anything.test',
        ...(authorization === undefined ? {} : { authorization }),
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.body).not.toContain('horse');
    }
  }
  const headers = { host: 'anything.test', authorization: `Bearer ${token}` };
  expect((await server.send('GET', '/api/v1/cluster', undefined, headers)).statusCode).toBe(200);
  expect((await server.send('GET', '/healthz', undefined, { host: 'x' })).statusCode).toBe(200);
});

test('spelling a path differently does not get round the token', async () => {
  await using server = await makeTestApp({
    security: { allowedHosts: undefined, allowedOrigins: [], token: 'correct horse battery' },
  });
  for (const path of [
    '//api/v1/cluster',
    '/%61pi/v1/cluster',
    '/API/v1/cluster',
    '/api/v1/cluster/',
    '/x/../api/v1/cluster',
  ]) {
    expect((await server.send('GET', path)).statusCode).not.toBe(200);
  }
});

test('pages are told what they may load, and scripts come from here only', async () => {
  await using server = await makeTestApp();
  const page = await server.send('GET', '/docs');
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(page.headers['x-content-type-options']).toBe('nosniff');
  expect(page.body).not.toContain('<script');
  const answer = await server.send('GET', '/api/v1/cluster');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});
