/**
 * Every gesture can be taken back and made again, also after a reload.
 */
import { expect, test } from '../studio-fixture.ts';

test('add, link, move, delete: back and forth', async ({ api, studio, unique }) => {
  const [source, target] = [unique('source'), unique('target')];
  await api.putFunction(source, 'export default () => 1');
  await api.putFunction(target, 'export default (x) => x');
  await studio.open();
  await studio.startEmpty();
  await studio.dragToCanvas(source, 0, 0);
  await studio.dragToCanvas(target, 1, 0);
  await studio.link(source, target, 'x');
  const before = await studio.placeOf(target);
  await studio.moveNode(target, 64, 128);
  const after = await studio.placeOf(target);
  expect(after.x).toBeGreaterThan(before.x);
  expect(after.y).toBeGreaterThan(before.y);

  await studio.undo();
  expect(await studio.placeOf(target)).toEqual(before);
  await studio.undo();
  await studio.expectLinks(0);
  await studio.undo();
  await studio.expectNodes(source);

  await studio.redo();
  await studio.expectNodes(source, target);
  await studio.redo();
  await studio.expectLinks(1);
  await studio.redo();
  expect(await studio.placeOf(target)).toEqual(after);

  await studio.deleteNode(source);
  await studio.expectNodes(target);
  await studio.expectLinks(0);
  await studio.reload();
  await studio.expectNodes(target);
  await studio.undo();
  await studio.expectNodes(source, target);
  await studio.expectLinks(1);
});
