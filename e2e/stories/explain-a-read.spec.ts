/**
 * "Why this version?" is answered from the recorded decision, word for word.
 */
import { coldTest as test, expect } from '../studio-fixture.ts';

/** The sentence as recorded; versions in it may be printed for people. */
function sentence(because: unknown): RegExp {
  const parts = String(because).split(/\{[^}]*\}/u);
  return new RegExp(parts.map((part) => RegExp.escape(part)).join('\\{[^}]*\\}'), 'u');
}

test('the Why panel tells where a read came from, and why', async ({ api, studio }) => {
  await studio.open();
  await studio.openExample('weather');
  const key = 'weather:seattle:index';
  for (const outcome of ['miss', 'hit'] as const) {
    const invocation = await studio.run();
    await studio.expectSucceeded('load', 'rank');
    await studio.expectEveryReadIs('load', outcome);
    const recorded = (await api.trace(invocation)).find(
      (event) => event.kind === 'cache.read' && event.key === key,
    );
    const because = sentence(recorded?.['because']);
    const rule = String(recorded?.['rule']);
    await studio.explain('load', key);
    await studio.expectWhy([key, because, rule, `cache ${recorded?.worker}`]);
    if (outcome === 'miss') await studio.expectWhy([String(recorded?.from)]);
    const details = await studio.hoverRead('load', key);
    expect(details).toMatch(because);
    for (const writer of Object.keys(recorded?.version ?? {})) expect(details).toContain(writer);
  }
});

test('in a small window no sentence of it is cut off', async ({ page, studio }) => {
  await page.setViewportSize({ width: 1_024, height: 700 });
  await studio.open();
  await studio.openExample('timeline');
  await studio.run();
  await studio.expectSucceeded('compare');
  await studio.explain('compare', 'posts:ann');
  const panel = page.getByRole('tabpanel');
  expect(await panel.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  const versions = panel.getByRole('group', { name: 'Writer by writer' });
  expect(await versions.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeGreaterThan(0);
});
