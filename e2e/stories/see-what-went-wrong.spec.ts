/**
 * A run that cannot start or that fails says why, where it happened, in the user's own source.
 */
import { expect, test } from '../studio-fixture.ts';

test("a function that throws: the node, the words, the user's own line", async ({
  api,
  studio,
  unique,
}) => {
  const [thrower, dag] = [unique('thrower'), unique('throwing')];
  await api.putFunction(
    thrower,
    [
      'export default (photo) => {',
      '  const first = photo.tags',
      '  return first.length // there are none',
      '}',
    ].join('\n'),
  );
  const after = unique('after');
  await api.putFunction(after, 'export default (x) => x');
  await api.putDag(dag, {
    nodes: [
      { id: 'count', function: thrower },
      { id: 'then', function: after },
    ],
    edges: [{ from: 'count', to: 'then', parameter: 'x' }],
  });
  await studio.openDag(dag);
  await studio.setArgument('count', 'photo', '{}');
  await studio.run();
  await studio.expectStatus('count', 'failed');
  await studio.expectRunProblem('function-failed', /TypeError: .*line 3/su);
  await studio.expectFailingLine(3, 'return first.length // there are none');
  await studio.selectNode('count');
  await studio.expectSourceProblem({ line: 3, column: 16 });
});

for (const [what, source, type] of [
  ['an infinite loop', 'export default () => { for (;;) {} }', 'timeout'],
  [
    'a memory bomb',
    'export default () => { const all = []; for (;;) all.push({ n: all.length }) }',
    'memory-limit',
  ],
] as const) {
  test(`${what} fails at its node, and the next run is well`, async ({ api, studio, unique }) => {
    const [bad, dag] = [unique('bad'), unique('limits')];
    await api.putFunction(bad, source, { timeoutMs: 1_500, memoryMb: 16 });
    await api.putDag(dag, { nodes: [{ id: 'stuck', function: bad }], edges: [] });
    await studio.openDag(dag);
    await studio.run();
    await studio.expectStatus('stuck', 'failed');
    await studio.expectRunProblem(type, /\w+/u);
    await api.putFunction(bad, 'export default () => 7');
    await studio.run();
    await studio.expectSucceeded('stuck');
    await studio.expectResult(7);
  });
}

test('a missing argument is said at its field, and nothing runs', async ({
  api,
  studio,
  unique,
}) => {
  const [sum, dag] = [unique('sum'), unique('missing')];
  await api.putFunction(sum, 'export default (a, b) => a + b');
  await api.putDag(dag, { nodes: [{ id: 'sum', function: sum }], edges: [] });
  await studio.openDag(dag);
  await studio.setArgument('sum', 'a', '1');
  await studio.pressRun();
  await studio.expectArgumentError('sum', 'b', /required/u);
  await studio.expectNoMarks();
  await studio.setArgument('sum', 'b', '2');
  await studio.run();
  await studio.expectResult(3);
});

test('of a failed run only what was flushed is drawn as kept', async ({
  api,
  page,
  studio,
  unique,
}) => {
  const [flusher, dag] = [unique('flusher'), unique('flushing')];
  await api.putFunction(
    flusher,
    `export default async (cloud) => {
      await cloud.put('${dag}', 1)
      await cloud.flush()
      await cloud.put('${dag}', 2)
      throw new Error('after the flush')
    }`,
  );
  await api.putDag(dag, { nodes: [{ id: 'flush', function: flusher }], edges: [] });
  await studio.openDag(dag);
  for (const level of ['lww', 'causal'] as const) {
    await studio.chooseLevel(level);
    await studio.run();
    await studio.expectStatus('flush', 'failed');
    const chips = page.getByTestId('node-flush-status').getByTestId('write-chip');
    await expect(chips).toHaveText([/written, version/u, /written, not committed/u]);
    const rows = page.locator('[data-testid="events-row"][data-kind="cache.write"]');
    await expect(rows).toHaveText([/Written, 1 B/u, /Written, 1 B, not committed/u]);
    await expect(rows.first()).not.toContainText('not committed');
  }
});
