// Schedules that once broke a rule, shrunk: those in this folder have to break none any more, and
// those in `planted`, each named after a defect, still have to find it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '@stormglass/core';
import { expect, test } from 'vitest';
import { allDefects } from '../defects/all-defects.ts';
import { violationsOf } from '../run-schedule.ts';
import { parseSchedule } from '../schedule-text.ts';
import { workloadFunctions } from '../workload.ts';

const schedulesIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file.replace(/\.json$/u, ''),
      schedule: parseSchedule(readFileSync(join(folder, file), 'utf8'), workloadFunctions),
    }));

const planted = schedulesIn(join(import.meta.dirname, 'planted'));

/** What anybody draws anew moves all that a seed draws later, so a few seeds are tried. */
const seedsFrom = (seed: string): readonly string[] => [
  seed,
  ...Array.from({ length: 15 }, (_, index) => `${seed}+${index + 1}`),
];

test('there are schedules of planted defects', () => {
  expect(planted.length).toBeGreaterThan(0);
});

test.each([...schedulesIn(import.meta.dirname), ...planted])(
  '$name breaks no rule',
  async ({ schedule }) => {
    expect(await violationsOf(schedule)).toEqual([]);
  },
);

test.each(planted)('$name breaks a rule with the defect', async ({ name, schedule }) => {
  const defect = must(
    allDefects.find((candidate) => candidate.name === name),
    `There is no defect ${name}`,
  );
  const broken: string[] = [];
  for (const seed of seedsFrom(schedule.seed)) {
    const violations = await violationsOf({ ...schedule, seed }, { plant: defect.plant });
    if (violations.length > 0) broken.push(seed);
  }
  expect(broken).not.toEqual([]);
});
