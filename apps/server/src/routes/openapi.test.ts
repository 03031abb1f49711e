/**
 * The published contract covers what api.md names, and the page shows it.
 */
import { expect, test } from 'vitest';
import { makeTestApp } from '../testkit/test-app.ts';

const named = [
  ['put', '/api/v1/functions/{name}'],
  ['get', '/api/v1/functions'],
  ['delete', '/api/v1/functions/{name}'],
  ['put', '/api/v1/dags/{name}'],
  ['get', '/api/v1/dags/{name}'],
  ['post', '/api/v1/dags/{name}/invocations'],
  ['post', '/api/v1/functions/{name}/invocations'],
  ['get', '/api/v1/invocations'],
  ['get', '/api/v1/invocations/{id}'],
  ['get', '/api/v1/invocations/{id}/trace'],
  ['delete', '/api/v1/invocations/{id}'],
  ['get', '/api/v1/keys/{key}'],
  ['put', '/api/v1/keys/{key}'],
  ['delete', '/api/v1/keys/{key}'],
  ['get', '/api/v1/keys'],
  ['get', '/api/v1/cluster'],
  ['post', '/api/v1/cluster/workers'],
  ['delete', '/api/v1/cluster/workers/{id}'],
  ['post', '/api/v1/cluster/workers/{id}/kill'],
  ['get', '/metrics'],
] as const;

test('the document has every operation, its schemas and its problems', async () => {
  await using server = await makeTestApp();
  const document = (await server.send('GET', '/openapi.json')).json();
  expect(document.openapi).toBe('3.1.0');
  for (const [method, path] of named) {
    const operation = document.paths[path]?.[method];
    expect(operation, `${method} ${path}`).toMatchObject({ summary: expect.any(String) });
    const parameters = (operation.parameters ?? []).map((one: { name: string }) => one.name);
    const inPath = [...path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]);
    expect(parameters).toEqual(expect.arrayContaining(inPath));
  }
  const invoke = document.paths['/api/v1/dags/{name}/invocations'].post;
  const body = invoke.requestBody.content['application/json'].schema;
  expect(body.properties.consistency.enum).toContain('causal-cut');
  expect(Object.keys(invoke.requestBody.content)).toContain('application/msgpack');
  expect(invoke.responses['400'].description).toContain('missing-argument');
  expect(invoke.responses['400'].content['application/problem+json'].schema).toEqual({
    $ref: '#/components/schemas/Problem',
  });
});

test('an answer that any request may get is in the document at every operation', async () => {
  await using server = await makeTestApp();
  const document = (await server.send('GET', '/openapi.json')).json();
  const tooSmall = await server.send('GET', '/api/v1/invocations?limit=0');
  expect(tooSmall.statusCode).toBe(400);
  for (const [method, path] of named) {
    const { responses } = document.paths[path][method];
    expect(responses.default, `${method} ${path}`).toEqual({
      description: expect.stringContaining(tooSmall.json().type),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
  }
});

test('the page lists every operation', async () => {
  await using server = await makeTestApp();
  const page = (await server.send('GET', '/docs')).body;
  for (const [method, path] of named) {
    expect(page).toContain(`>${method.toUpperCase()}</b> <code>${path}</code>`);
  }
});
