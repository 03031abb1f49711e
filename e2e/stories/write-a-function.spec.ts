/**
 * Writing a function in the page: completion for `cloud`, a syntax error at its line, ports from
 * the signature.
 */
import { expect, test } from '../studio-fixture.ts';

test('a syntax error is shown at its line and column until it is mended', async ({
  api,
  studio,
  unique,
}) => {
  const name = unique('triple');
  await studio.open();
  await studio.startEmpty();
  await studio.newFunction(name);
  const broken = 'export default (x) => {\n  const y = 3\n  return x *** y\n}\n';
  await studio.typeSource(broken);
  await studio.saveFunction();
  const refused = (await api.putFunction(unique('same'), broken)).body as unknown as {
    readonly line: number;
    readonly column: number;
  };
  expect(refused.line).toBe(3);
  await studio.expectSourceProblem(refused);

  await studio.typeSource('export default (x) => {\n  const y = 3\n  return x * y\n}\n');
  await studio.expectNoSourceProblem();
  await studio.saveFunction();
  await studio.expectFunctionSaved();
  await studio.dragToCanvas(name, 0, 0);
  await studio.setArgument(name, 'x', '14');
  await studio.run();
  await studio.expectResult(42);
});

test('a run saves first, and does not start over a syntax error', async ({ studio, unique }) => {
  const name = unique('broken');
  await studio.open();
  await studio.startEmpty();
  await studio.newFunction(name);
  await studio.typeSource('export default (x) => x');
  await studio.saveFunction();
  await studio.expectFunctionSaved();
  await studio.dragToCanvas(name, 0, 0);
  await studio.setArgument(name, 'x', '1');
  await studio.openFunction(name);
  await studio.typeSource('export default (x) => {');
  await studio.pressRun();
  await studio.expectSourceProblem({ line: 1, column: 24 });
  await studio.expectNoMarks();
});

test('completion knows cloud', async ({ studio, unique }) => {
  await studio.open();
  await studio.startEmpty();
  await studio.newFunction(unique('stateful'));
  await studio.typeSource('export default async (key, cloud) => {\n}\n');
  const offered = await studio.completionsOf('cloud.');
  expect(offered.join(' ')).toMatch(/get/u);
  expect(offered.join(' ')).toMatch(/put/u);
  expect(offered.join(' ')).toMatch(/siblings/u);
});
