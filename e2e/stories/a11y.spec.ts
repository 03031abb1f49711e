/**
 * No serious fault that axe can find, on each screen in both themes; and an example without a
 * mouse.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { coldTest, expect, test } from '../studio-fixture.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function expectNoSeriousFault(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  // A mark on a node is as large as the zoom makes it; the Reads tab offers the same at full size,
  // as 2.5.8 allows.
  const isMark = (rule: string, html: string): boolean =>
    rule === 'target-size' && /data-testid="(?:read|write)-chip"/u.test(html);
  const faults = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes
        .filter(({ html }) => !isMark(id, html))
        .map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`),
    );
  expect(faults, where).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen in the ${colorScheme} theme`, async ({ page, studio, api, unique }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await studio.open();
    await expect(page.getByTestId('example-weather')).toBeVisible();
    await expectNoSeriousFault(page, 'start screen');

    await studio.startEmpty();
    await expectNoSeriousFault(page, 'empty canvas');

    await studio.newFunction(unique('shown'));
    await studio.typeSource('export default (x) => {\n  return x +\n}\n');
    await studio.saveFunction();
    await studio.expectSourceProblem({ line: 3, column: 1 });
    await expectNoSeriousFault(page, 'code editor with a syntax error');

    await studio.open();
    await studio.openExample('weather');
    await studio.run();
    await studio.expectSucceeded('load', 'rank');
    await expectNoSeriousFault(page, 'finished run');
    await studio.explain('load', 'weather:seattle:index');
    await expectNoSeriousFault(page, 'why panel');
    await studio.press('ControlOrMeta+k');
    await expect(page.getByTestId('palette-input')).toBeFocused();
    await expectNoSeriousFault(page, 'palette');
    await studio.press('Escape');

    const failing = unique('failing');
    await api.putFunction(failing, `export default () => { throw new Error('on purpose') }`);
    await api.putDag(failing, { nodes: [{ id: 'a', function: failing }], edges: [] });
    await studio.openDag(failing);
    await studio.run();
    await studio.expectStatus('a', 'failed');
    await expectNoSeriousFault(page, 'failed run');
  });
}

// On servers of their own: the library is in the way of Tab, and short there.
coldTest(
  'an example is opened, changed, run and explained with the keyboard alone',
  async ({ studio }) => {
    await studio.open();
    await studio.tabTo('example-composition');
    await studio.press('Enter');
    await studio.expectNodes('increment', 'square');
    await studio.tabTo('argument-increment-x');
    await studio.press('ControlOrMeta+a', '6');
    await studio.tabTo('run');
    await studio.press('Enter');
    await studio.expectSucceeded('increment', 'square');

    await studio.tabTo('node-increment');
    await studio.press('ArrowRight');
    await studio.expectKeyboardAt('node-square');
    await studio.press('ArrowLeft');
    await studio.expectKeyboardAt('node-increment');
    await studio.press('Escape', 'ControlOrMeta+Enter');
    await studio.expectResult(49);
  },
);

coldTest('nodes are added and linked with the keyboard alone', async ({ api, studio, unique }) => {
  const [source, target] = [unique('five'), unique('plus')];
  await api.putFunction(source, 'export default () => 5');
  await api.putFunction(target, 'export default (x) => x + 1');
  await studio.open();
  await studio.tabTo('start-empty');
  await studio.press('Enter');
  await studio.tabTo('add-first');
  await studio.press('Enter');
  await studio.expectKeyboardAt('quick-add');
  await studio.type(source);
  await studio.press('Enter');
  await studio.expectNodes(source);
  await studio.expectKeyboardAt(`node-${source}`);
  await studio.press('n');
  await studio.expectKeyboardAt('quick-add');
  await studio.type(target);
  await studio.press('Enter');
  await studio.expectNodes(source, target);
  await studio.expectKeyboardAt(`node-${target}`);
  await studio.press('ArrowLeft');
  await studio.expectKeyboardAt(`node-${source}`);
  await studio.press('c', 'Enter');
  await studio.expectLinks(1);
  await studio.press('ControlOrMeta+Enter');
  await studio.expectSucceeded(source, target);
  await studio.expectResult(6);
});
