/**
 * Functions: registered, replaced, shown, deleted; parameters are ports.
 */
import type { FunctionSummary } from '../api-client.ts';
import { expect, test } from '../contract-fixture.ts';

test('a function is registered, replaced, shown, listed and deleted', async ({ api, unique }) => {
  const name = unique('square');
  const path = `/api/v1/functions/${name}`;

  const created = await api.putFunction(name, 'export default (x) => x * x');
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    name,
    version: expect.any(Number),
    language: 'javascript',
    parameters: ['x'],
    usesCloud: false,
  });

  const source = 'export default async (x, by, cloud) => x * by';
  const replaced = await api.putFunction(name, source);
  expect(replaced.status).toBe(200);
  expect(replaced.body).toMatchObject({ parameters: ['x', 'by'], usesCloud: true });
  expect(replaced.body.version).toBeGreaterThan(created.body.version);

  const shown = await api.get<FunctionSummary>(path);
  expect(shown.status).toBe(200);
  expect(shown.body).toMatchObject({ name, source, version: replaced.body.version });

  const list = await api.get<{ functions: readonly FunctionSummary[] }>('/api/v1/functions');
  expect(list.body.functions.map((entry) => entry.name)).toContain(name);

  expect((await api.send('DELETE', path)).status).toBe(204);
  const gone = await api.get(path);
  expect(gone.status).toBe(404);
  expect(gone.body).toMatchObject({ type: 'function-not-found', status: 404 });
});

test('a function that a DAG uses stays', async ({ api, unique }) => {
  const name = unique('used');
  const dag = unique('user');
  await api.putFunction(name, 'export default (x) => x');
  await api.putDag(dag, { nodes: [{ id: 'a', function: name }], edges: [] });

  const refused = await api.send('DELETE', `/api/v1/functions/${name}`);
  expect(refused.status).toBe(409);
  expect(refused.body).toMatchObject({ type: 'function-in-use', status: 409 });
  expect(refused.body.detail).toContain(dag);
  expect((await api.invokeDag(dag, { a: { x: 3 } })).body.result).toBe(3);

  expect((await api.send('DELETE', `/api/v1/dags/${dag}`)).status).toBe(204);
  expect((await api.send('DELETE', `/api/v1/functions/${name}`)).status).toBe(204);
});

test('a default makes a port optional', async ({ api, unique }) => {
  const name = unique('limit');
  await api.putFunction(name, 'export default (x, limit = 10) => Math.min(x, limit)');
  expect((await api.invokeFunction(name, { x: 25 })).body.result).toBe(10);
  expect((await api.invokeFunction(name, { x: 25, limit: 20 })).body.result).toBe(20);
});

test('TypeScript runs as it is written', async ({ api, unique }) => {
  const name = unique('typed');
  const source = [
    'interface Point { readonly x: number; readonly y: number }',
    'export default function distance(a: Point, b: Point): number {',
    '  return Math.hypot(a.x - b.x, a.y - b.y)',
    '}',
  ].join('\n');
  const created = await api.putFunction(name, source, { language: 'typescript' });
  expect(created.body).toMatchObject({ language: 'typescript', parameters: ['a', 'b'] });
  const answer = await api.invokeFunction(name, { a: { x: 0, y: 0 }, b: { x: 3, y: 4 } });
  expect(answer.body.result).toBe(5);
});

test('a syntax error names its line and column, and nothing is registered', async ({
  api,
  unique,
}) => {
  const name = unique('broken');
  const answer = await api.putFunction(name, 'export default (x) => {\n  return x +* 2\n}');
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ type: 'syntax-error', status: 400, line: 2 });
  expect(answer.body).toHaveProperty('column', expect.any(Number));
  expect((await api.get(`/api/v1/functions/${name}`)).status).toBe(404);
});

test('a rejected replacement leaves the function as it was', async ({ api, unique }) => {
  const name = unique('kept');
  await api.putFunction(name, 'export default (x) => x + 1');
  expect((await api.putFunction(name, 'export default (x) => {')).status).toBe(400);
  expect((await api.invokeFunction(name, { x: 1 })).body.result).toBe(2);
});

for (const [what, source] of [
  ['destructuring', 'export default ({ x }) => x'],
  ['rest parameters', 'export default (...all) => all'],
] as const) {
  test(`${what} cannot be ports`, async ({ api, unique }) => {
    const answer = await api.putFunction(unique('odd'), source);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ type: 'unsupported-signature', status: 400 });
  });
}

for (const name of ['1st', 'with%20space', 'a.b', 'x'.repeat(65)]) {
  test(`a function cannot be called ${name.slice(0, 20)}`, async ({ api }) => {
    const answer = await api.putFunction(name, 'export default (x) => x');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ status: 400, detail: expect.stringMatching(/name/iu) });
  });
}

test('user code has no authority of its own', async ({ api, unique }) => {
  const name = unique('jail');
  const source = `export default () => ['require', 'process', 'fetch', 'WebSocket', 'Deno', 'Bun', 'Worker']
    .filter((name) => name in globalThis)`;
  await api.putFunction(name, source);
  expect((await api.invokeFunction(name)).body.result).toEqual([]);

  const importing = `export default async () => (await import('node:fs')).readFileSync('/etc/passwd', 'utf8')`;
  expect((await api.putFunction(unique('importing'), importing)).status).toBe(400);
  const hidden = unique('hidden');
  await api.putFunction(hidden, `export default () => (0, eval)("import('node:fs')")`);
  expect((await api.invokeFunction(hidden)).status).toBe(422);
});
