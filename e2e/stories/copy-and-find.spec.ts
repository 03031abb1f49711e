/**
 * Nodes are copied as text, within a DAG and between two; everything is found by typing its name.
 */
import { expect, test } from '../studio-fixture.ts';

test('nodes are duplicated, cut, and pasted into another DAG', async ({
  api,
  page,
  studio,
  unique,
}) => {
  const [pass, dag, other] = [unique('pass'), unique('from'), unique('to')];
  await api.putFunction(pass, 'export default (x = 1) => x');
  await api.putDag(dag, {
    nodes: ['a', 'b'].map((id) => ({ id, function: pass })),
    edges: [{ from: 'a', to: 'b', parameter: 'x' }],
    layout: { a: { x: 0, y: 0 }, b: { x: 300, y: 0 } },
  });
  await api.putDag(other, { nodes: [{ id: 'b', function: pass }], edges: [] });

  await studio.openDag(dag);
  await studio.selectNode('a');
  await studio.press('ControlOrMeta+a', 'ControlOrMeta+d');
  await studio.expectNodes('a', 'b', 'a2', 'b2');
  await studio.expectLinks(2);
  await studio.expectNote(/Duplicated as 2 nodes/u);
  await studio.press('ControlOrMeta+x');
  await studio.expectNodes('a', 'b');
  await studio.undo();
  await studio.expectNodes('a', 'b', 'a2', 'b2');
  await studio.expectNote(/Undone: Cut 2 nodes/u);
  await studio.undo();
  await studio.expectLinks(1);

  await studio.selectNode('a');
  await studio.press('ControlOrMeta+a', 'ControlOrMeta+c');
  await studio.expectNote(/Copied 2 nodes/u);
  await studio.openDag(other);
  await studio.press('ControlOrMeta+v');
  await studio.expectNodes('b', 'a', 'b2');
  await studio.expectLinks(1);
  await studio.save();
  await studio.expectSaved();
  const saved = await api.get<{ edges: unknown }>(`/api/v1/dags/${other}`);
  expect(saved.body.edges).toEqual([{ from: 'a', to: 'b2', parameter: 'x' }]);

  // Text that is marked is copied as text.
  await page.getByTestId('dag-name').click();
  await page.getByTestId('dag-name-field').press('ControlOrMeta+a');
  await studio.press('ControlOrMeta+c');
  await page.getByTestId('dag-name-field').fill('');
  await studio.press('ControlOrMeta+v');
  await expect(page.getByTestId('dag-name-field')).toHaveValue(other);
});

test('the palette runs, goes, adds, opens and chooses', async ({ api, page, studio, unique }) => {
  const [pass, dag, other] = [unique('pass'), unique('one'), unique('two')];
  await api.putFunction(pass, 'export default (x = 1) => x');
  await api.putDag(dag, { nodes: [{ id: 'only', function: pass }], edges: [] });
  await api.putDag(other, { nodes: [{ id: 'else', function: pass }], edges: [] });

  await studio.openDag(dag);
  await studio.find('run', 'Run');
  await studio.expectSucceeded('only');
  await studio.find('go to only', 'Go to only');
  await expect(page.getByTestId('node-only')).toHaveAttribute('data-selected', 'true');
  await studio.find(`add ${pass}`, `Add ${pass}`);
  await studio.expectNodes('only', pass);
  await studio.find('undo', 'Undo');
  await studio.expectNodes('only');
  await studio.find('level cut', 'Causal cut');
  await expect(page.getByTestId('level')).toHaveAttribute('data-level', 'causal-cut');
  await studio.find(`open ${other}`, `Open ${other}`);
  await studio.expectNodes('else');

  await studio.press('ControlOrMeta+k');
  await page.getByTestId('palette-input').fill('no such thing');
  await expect(page.getByRole('dialog')).toContainText('Nothing is called');
  await studio.press('Escape');
  await expect(page.getByTestId('palette-input')).toHaveCount(0);
});

test('several nodes are selected with a box, and a double click adds where it is', async ({
  api,
  page,
  studio,
  unique,
}) => {
  const [pass, dag] = [unique('pass'), unique('several')];
  await api.putFunction(pass, 'export default (x = 1) => x');
  await api.putDag(dag, {
    nodes: ['a', 'b'].map((id) => ({ id, function: pass })),
    edges: [{ from: 'a', to: 'b', parameter: 'x' }],
    layout: { a: { x: 0, y: 0 }, b: { x: 300, y: 0 } },
  });
  await studio.openDag(dag);
  const [a, b] = [await studio.placeOf('a'), await studio.placeOf('b')];
  await page.mouse.move(a.x - 160, a.y - 120);
  await page.mouse.down();
  await page.mouse.move(b.x, b.y, { steps: 10 });
  await page.mouse.up();
  const bar = page.getByTestId('selection-bar');
  await expect(bar).toContainText('2 selected');
  await studio.moveNode('a', 40, 160);
  expect((await studio.placeOf('b')).y).toBeGreaterThan(b.y + 80);
  await studio.undo();
  await bar.getByRole('button', { name: 'Duplicate' }).click();
  await studio.expectNodes('a', 'b', 'a2', 'b2');
  await bar.getByRole('button', { name: 'Delete' }).click();
  await studio.expectNodes('a', 'b');
  await expect(bar).toHaveCount(0);

  await page.mouse.dblclick(a.x, a.y + 240);
  await page.getByTestId('quick-add').fill(pass);
  await studio.press('Enter');
  await studio.expectNodes('a', 'b', pass);
  expect(Math.abs((await studio.placeOf(pass)).x - a.x)).toBeLessThan(40);
});

test('an example that is opened by its address has its arguments', async ({ api, studio }) => {
  await api.send('POST', '/api/v1/examples/composition/install');
  await studio.openDag('composition');
  await studio.run();
  await studio.expectSucceeded('increment', 'square');
});
