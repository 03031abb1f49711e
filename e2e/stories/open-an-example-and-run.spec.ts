/**
 * Each example that comes with the server: opened from the start screen, run at once.
 */
import { coldTest, expect, test } from '../studio-fixture.ts';

test('composition: f(g(x))', async ({ studio }) => {
  await studio.open();
  await studio.openExample('composition');
  await studio.expectNodes('increment', 'square');
  await studio.expectCluster(['w1', 'w2'], ['s1', 's2']);
  await studio.run();
  await studio.expectSucceeded('increment', 'square');
  await studio.expectResult(25);
  await studio.setArgument('increment', 'x', '9');
  await studio.run();
  await studio.expectResult(100);
  expect(await studio.executorOf('square')).toMatch(/^w[12]\/e[12]$/u);

  const kinds = await studio.eventKinds();
  expect(kinds[0]).toBe('invocation.started');
  expect(kinds).toEqual(
    expect.arrayContaining(['function.started', 'function.triggered', 'function.finished']),
  );
  expect(kinds.indexOf('function.finished')).toBeLessThan(kinds.indexOf('function.triggered'));
  expect(kinds).toContain('invocation.finished');
});

coldTest('weather: misses, then hits', async ({ studio }) => {
  await studio.open();
  await studio.openExample('weather');
  await studio.run();
  await studio.expectSucceeded('load', 'parse', 'group', 'rain', 'warmth', 'rank');
  await studio.expectEveryReadIs('load', 'miss');
  await studio.run();
  await studio.expectSucceeded('load', 'parse', 'group', 'rain', 'warmth', 'rank');
  await studio.expectEveryReadIs('load', 'hit');
  await studio.expectEveryReadIs('rank', 'hit');
});

coldTest('timeline: two workers, two versions of one key', async ({ studio }) => {
  await studio.open();
  await studio.openExample('timeline');
  await studio.chooseLevel('causal');
  await studio.run();
  await studio.expectSucceeded('phone', 'laptop', 'reply', 'cleo', 'dan', 'compare');
  const workerOf = async (node: string) => (await studio.executorOf(node)).split('/')[0];
  expect(await workerOf('phone')).not.toBe(await workerOf('laptop'));
  const versionAt = async (node: string) =>
    (await studio.writes(node)).find(({ key }) => key === 'posts:ann')?.version;
  const [phone, laptop] = [await versionAt('phone'), await versionAt('laptop')];
  expect(phone).toBeDefined();
  expect(laptop).toBeDefined();
  expect(phone).not.toEqual(laptop);
});

test('a run can be watched while it goes on', async ({ api, studio, unique }) => {
  const [wait, dag] = [unique('wait'), unique('watched')];
  await api.putFunction(
    wait,
    `export default async (key, ms, before = 0, cloud) => {
      await cloud.put(key, ms)
      await cloud.recv({ timeoutMs: ms })
      return before + ms
    }`,
  );
  await api.putDag(dag, {
    nodes: ['a', 'b'].map((id) => ({ id, function: wait })),
    edges: [{ from: 'a', to: 'b', parameter: 'before' }],
  });
  await studio.openDag(dag);
  for (const node of ['a', 'b']) {
    await studio.setArgument(node, 'key', unique('key'));
    await studio.setArgument(node, 'ms', node === 'a' ? '1200' : '300');
  }
  await studio.run();
  await studio.expectStatus('a', 'running');
  await studio.expectProvenance(/^LIVE$/u);
  // The start and the write are two events, and may come in two frames.
  await expect.poll(() => studio.writes('a')).toHaveLength(1);
  await studio.expectStatus('a', 'running');
  await studio.expectSucceeded('a', 'b');
  await studio.expectResult(1_500);
});

test('a reload shows the same run of the same DAG', async ({ studio }) => {
  await studio.open();
  await studio.openExample('composition');
  await studio.setArgument('increment', 'x', '6');
  const invocation = await studio.run();
  await studio.expectResult(49);
  await studio.reload();
  await studio.expectShownRun(invocation);
  await studio.expectSucceeded('increment', 'square');
  await studio.expectResult(49);
});

coldTest('a worker is killed from the page while a run uses it', async ({ api, studio }) => {
  await api.putFunction(
    'slow',
    'export default async (ms, cloud) => { await cloud.recv({ timeoutMs: ms }); return ms }',
  );
  await api.putDag('slowly', { nodes: [{ id: 'a', function: 'slow' }], edges: [] });
  await studio.openDag('slowly');
  await studio.expectCluster(['w1', 'w2'], ['s1', 's2']);
  await studio.setArgument('a', 'ms', '2500');
  await studio.run();
  await studio.expectStatus('a', 'running');
  const [worker = ''] = (await studio.executorOf('a')).split('/');
  await studio.killWorker(worker);
  await studio.expectAttempt('a', 2);
  await studio.expectSucceeded('a');
  await studio.expectResult(2_500);
  await studio.expectCluster(['w1', 'w2'], ['s1', 's2']);
});
