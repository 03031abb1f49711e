// The acceptance scenarios T1 to T25 and X1 to X7 and the anomaly schedules S1 to S17: each number has
// one file of tests, and the titles of its tests begin with the number.
import type { RepositoryFile } from './repository.ts';

const scenarios = 'packages/runtime/src/adapters/sim/scenarios';

/** Where the tests of each number are; `S4a` and `S4b` are tests of S4. */
export const scenarioHomes: ReadonlyMap<string, readonly string[]> = new Map([
  ['packages/core/src/clock/vector-clock.test.ts', ['T1']],
  ['packages/core/src/lattice/register-capsule.test.ts', ['T2', 'T3']],
  [`${scenarios}/blind-writes.sim.test.ts`, ['T4']],
  [`${scenarios}/repeatable-read.sim.test.ts`, ['T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11']],
  [`${scenarios}/one-cache.sim.test.ts`, ['T12', 'T13', 'T14', 'T15', 'T16']],
  [`${scenarios}/session-causality.sim.test.ts`, ['T17', 'T18', 'T19', 'T20', 'T21', 'T22', 'T23']],
  [`${scenarios}/snapshots.sim.test.ts`, ['T24', 'T25']],
  [`${scenarios}/forgotten-dependencies.sim.test.ts`, ['X1']],
  ['packages/runtime/src/scheduler/policy/placement-scenario.test.ts', ['X2']],
  [`${scenarios}/hot-key.sim.test.ts`, ['X3']],
  [`${scenarios}/lost-triggers.sim.test.ts`, ['X4']],
  [`${scenarios}/registry.sim.test.ts`, ['X5']],
  [`${scenarios}/durability.sim.test.ts`, ['X6']],
  [`${scenarios}/messaging.sim.test.ts`, ['X7']],
  [
    `${scenarios}/anomaly-matrix.test.ts`,
    Array.from({ length: 17 }, (_, index) => `S${index + 1}`),
  ],
]);

const upTo = (letter: string, last: number): readonly string[] =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);

export const scenarioNumbers: readonly string[] = [
  ...upTo('T', 25),
  ...upTo('X', 7),
  ...upTo('S', 17),
];

/** The numbers that titles of this file begin with, ids of rules before them left out. */
function numbersInTitles(text: string): ReadonlySet<string> {
  const titles = text.matchAll(/['`](?:\[[A-Z]+\d+\] )*(?<number>[TXS]\d+)[a-d]?:? [^'`]/gu);
  return new Set([...titles].map((title) => title.groups?.['number'] ?? ''));
}

/** One sentence for each number without a test, or with a test in another file than its own. */
export function scenarioProblems(
  tests: readonly RepositoryFile[],
  homes: ReadonlyMap<string, readonly string[]>,
  numbers: readonly string[],
): readonly string[] {
  const homeOf = new Map(
    [...homes].flatMap(([path, own]) => own.map((number) => [number, path] as const)),
  );
  const found = new Map(tests.map(({ path, text }) => [path, numbersInTitles(text)]));
  const missing = numbers.flatMap((number) => {
    const home = homeOf.get(number);
    if (home === undefined) return [`${number} has no file of tests`];
    return found.get(home)?.has(number) === true ? [] : [`${home} has no test of ${number}`];
  });
  const strays = [...found].flatMap(([path, own]) =>
    [...own].flatMap((number) =>
      homeOf.get(number) === path
        ? []
        : [`${path}: a title begins with ${number}, which belongs to ${homeOf.get(number)}`],
    ),
  );
  return [...missing, ...strays];
}
