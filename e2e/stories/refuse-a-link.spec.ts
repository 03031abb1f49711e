/**
 * A link that may not be is refused while it is being drawn, with the reason at the pointer.
 */
import { test } from '../studio-fixture.ts';

test('a link that would close a loop, a taken parameter, a link to itself', async ({
  api,
  studio,
  unique,
}) => {
  const [pass, dag] = [unique('pass'), unique('links')];
  await api.putFunction(pass, 'export default (x, y = 0) => x + y');
  await api.putDag(dag, {
    nodes: ['a', 'b', 'c'].map((id) => ({ id, function: pass })),
    edges: [
      { from: 'a', to: 'b', parameter: 'x' },
      { from: 'b', to: 'c', parameter: 'x' },
    ],
    layout: { a: { x: 0, y: 0 }, b: { x: 300, y: 0 }, c: { x: 600, y: 0 } },
  });
  await studio.openDag(dag);
  await studio.expectLinks(2);

  await studio.holdLink('c', 'a', 'y');
  await studio.expectRefusal(/would close a loop.*c → a → b → c/u);
  await studio.release();
  await studio.expectLinks(2);

  await studio.holdLink('a', 'c', 'x');
  await studio.expectRefusal(/already comes from b/u);
  await studio.release();
  await studio.expectLinks(2);

  await studio.holdLink('b', 'b', 'y');
  await studio.expectRefusal(/cannot wait for itself/u);
  await studio.release();
  await studio.expectLinks(2);

  await studio.link('a', 'c', 'y');
  await studio.expectLinks(3);
});
