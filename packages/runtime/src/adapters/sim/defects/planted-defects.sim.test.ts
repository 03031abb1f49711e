// A published defect that is put back breaks a rule within few schedules, and what breaks it shrinks
// to something that a person can read.
import { expect, test } from 'vitest';
import { violationsOf } from '../run-schedule.ts';
import { innerPartsOf, outerPartsOf, scenarioOf } from '../shrink/schedule-parts.ts';
import { lengthOf } from '../shrink/tell-schedule.ts';
import { isSameClass } from '../violation.ts';
import { drawScenario } from '../workload.ts';
import { allDefects } from './all-defects.ts';
import { huntDefect, shrinkFound } from './hunt-defect.ts';

/** Of the 20 000 that `npm run simulate:defects` has. */
const SMOKE_SCHEDULES = 150;

const isEverything = () => true;

test('no two defects have one name', () => {
  expect(new Set(allDefects.map(({ name }) => name)).size).toBe(allDefects.length);
});

test.each(allDefects.filter(({ isRare }) => isRare !== true))('$name is found', async (defect) => {
  const { found } = await huntDefect(defect, SMOKE_SCHEDULES);
  expect(found).toBeDefined();
});

test('a schedule that a defect breaks shrinks to a few operations, none of which can go', async () => {
  const defect = allDefects.find(({ name }) => name === 'reversed-validity')!;
  const { found } = await huntDefect(defect, SMOKE_SCHEDULES);
  const whole = { seed: found!.seed, scenario: drawScenario(found!.seed, defect.level) };
  const { schedule, violation, isMinimal } = await shrinkFound(defect, found!);
  expect(lengthOf(whole)).toBeGreaterThan(15);
  expect(lengthOf(schedule)).toBeLessThanOrEqual(8);
  expect(isMinimal).toBe(true);
  expect(isSameClass(violation, found!.violation)).toBe(true);
  expect(await violationsOf(schedule)).toEqual([]);
  const { scenario } = schedule;
  for (const gone of [...outerPartsOf(scenario), ...innerPartsOf(scenario, isEverything)]) {
    const smaller = scenarioOf(scenario, (part) => part !== gone);
    if (lengthOf({ ...schedule, scenario: smaller }) === lengthOf(schedule)) continue;
    const left = await violationsOf({ ...schedule, scenario: smaller }, { plant: defect.plant });
    expect(left.filter((other) => isSameClass(other, violation))).toEqual([]);
  }
});
