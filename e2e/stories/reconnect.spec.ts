/**
 * Connections break. The page says so, nothing pretends to be live, and afterwards nothing is
 * missing.
 */
import { StreamSwitch } from '../stream-switch.ts';
import { coldTest, expect, test } from '../studio-fixture.ts';

test('the stream is cut in the middle of a run, and resumes where it was', async ({
  page,
  api,
  studio,
  unique,
}) => {
  const wire = await StreamSwitch.install(page);
  const [slow, dag] = [unique('slow'), unique('interrupted')];
  await api.putFunction(
    slow,
    `export default async (key, ms, before = 0, cloud) => {
      await cloud.get(key)
      await cloud.recv({ timeoutMs: ms })
      await cloud.put(key, ms)
      return before + ms
    }`,
  );
  await api.putDag(dag, {
    nodes: ['a', 'b'].map((id) => ({ id, function: slow })),
    edges: [{ from: 'a', to: 'b', parameter: 'before' }],
  });
  await studio.openDag(dag);
  for (const node of ['a', 'b']) {
    await studio.setArgument(node, 'key', `${dag}:${node}`);
    await studio.setArgument(node, 'ms', '700');
  }
  const invocation = await studio.run();
  await studio.expectStatus('a', 'running');
  await wire.turnOff();
  await studio.expectConnection('reconnecting');
  await studio.expectProvenance(/^LAST KNOWN STATE$/u);
  const end = await api.awaitInvocation(invocation);
  expect(end.status).toBe('succeeded');
  await studio.expectStatus('a', 'running');

  const before = wire.subscriptions.length;
  wire.turnOn();
  await studio.expectConnection('live');
  await studio.expectSucceeded('a', 'b');
  await studio.expectReads('a', { [`${dag}:a`]: 'miss' });
  await studio.expectResult(1_400);
  // Not from the beginning, but from after the last event that the page had.
  expect(wire.subscriptions[before]).toBeGreaterThan(0);
});

coldTest('the server dies and comes back', async ({ ownServer, page, studio }) => {
  await studio.open();
  await studio.openExample('composition');
  const invocation = await studio.run();
  await studio.expectResult(25);
  await ownServer.killEverything();
  await studio.expectConnection('reconnecting');
  // What was on the screen stays, and so does what can be done without a server.
  await studio.expectNodes('increment', 'square');
  await studio.expectShownRun(invocation);
  await studio.pressRun();
  const runBar = page.getByRole('region', { name: 'Run', exact: true });
  await expect(runBar.getByTestId('problem')).toContainText('does not answer');

  await ownServer.start();
  await studio.expectConnection('live');
  await expect(page.getByTestId('problem')).toHaveCount(0);
  await studio.expectCluster(['w1', 'w2'], ['s1', 's2']);
  await studio.setArgument('increment', 'x', '2');
  await studio.run();
  await studio.expectSucceeded('increment', 'square');
  await studio.expectResult(9);
});
