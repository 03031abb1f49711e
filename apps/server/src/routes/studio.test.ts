/**
 * The built studio, served as a page wants it, and what stands in its place before it is built.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestApp } from '../testkit/test-app.ts';

const HTML = { accept: 'text/html,application/xhtml+xml' };
let folder = '';
let studioFolder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-'));
  studioFolder = join(folder, 'dist');
  await mkdir(join(studioFolder, 'assets'), { recursive: true });
  await writeFile(join(studioFolder, 'index.html'), '<title>studio</title>');
  await writeFile(join(studioFolder, 'assets', 'index-abc.js'), 'export {}');
  await writeFile(join(studioFolder, '.secret'), 'canary');
  await writeFile(join(folder, 'outside.txt'), 'canary');
});

afterAll(() => rm(folder, { recursive: true }));

test.each(['/', '/dags/weather', '/invocations/i1?lens=graph'])('%s is the page', async (path) => {
  await using server = await makeTestApp({ studioFolder });
  const page = await server.send('GET', path, undefined, HTML);
  expect(page.statusCode).toBe(200);
  expect(page.body).toBe('<title>studio</title>');
  expect(page.headers['cache-control']).toBe('no-cache');
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  expect(page.headers['x-content-type-options']).toBe('nosniff');
});

test('hashed files are kept for ever; files that are not there are no page', async () => {
  await using server = await makeTestApp({ studioFolder });
  const script = await server.send('GET', '/assets/index-abc.js');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(script.headers['content-type']).toContain('javascript');
  const missing = await server.send('GET', '/assets/index-old.js');
  expect(missing.statusCode).toBe(404);
  expect(missing.json().type).toBe('not-found');
  const api = await server.send('GET', '/api/v1/nothing', undefined, HTML);
  expect(api.json().type).toBe('not-found');
});

test.each([
  '/../outside.txt',
  '/%2e%2e/outside.txt',
  '/..%2foutside.txt',
  '/assets/..%5c..%5coutside.txt',
  '/assets/%00outside.txt',
  '/.secret',
])('%s gives nothing away', async (path) => {
  await using server = await makeTestApp({ studioFolder });
  const answer = await server.send('GET', path);
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.body).not.toContain('canary');
});

test('before it is built there is a page that says so', async () => {
  await using server = await makeTestApp();
  const page = await server.send('GET', '/', undefined, HTML);
  expect(page.statusCode).toBe(503);
  expect(page.body).toContain('npm start');
  expect((await server.send('GET', '/api/v1/cluster')).statusCode).toBe(200);
});
