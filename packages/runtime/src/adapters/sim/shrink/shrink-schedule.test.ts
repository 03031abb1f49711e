import { describe, expect, test } from 'vitest';
import { drawScenario } from '../workload.ts';
import type { Violation } from '../violation.ts';
import { leaveOut } from './leave-out.ts';
import { innerPartsOf, outerPartsOf, scenarioOf } from './schedule-parts.ts';
import { shrinkSchedule, type Schedule } from './shrink-schedule.ts';
import { lengthOf, tellSchedule } from './tell-schedule.ts';

const isEverything = () => true;
const isNothing = () => false;

describe('leaving out', () => {
  test.each([
    [[3], [3]],
    [
      [0, 63],
      [0, 63],
    ],
    [[], []],
    [
      [7, 8, 40],
      [7, 8, 40],
    ],
  ])('finds that %j are needed out of 64', async (needed, expected) => {
    const items = Array.from({ length: 64 }, (_, index) => index);
    let left: readonly number[] = items;
    const found = await leaveOut(items, (leaving) => {
      const rest = left.filter((item) => !leaving.includes(item));
      const isEnough = needed.every((item) => rest.includes(item));
      if (isEnough) left = rest;
      return Promise.resolve(isEnough);
    });
    expect(found).toEqual(expected);
    expect(left).toEqual(expected);
  });
});

describe('the parts of a scenario', () => {
  const scenario = drawScenario('7', 'causal');

  test('with all of them it is as it was', () => {
    const { functions: _, ...data } = scenario;
    expect(scenarioOf(scenario, isEverything)).toMatchObject(data);
  });

  test('without any nothing happens, in a calm world', () => {
    const nothing = scenarioOf(scenario, isNothing);
    expect(nothing.clients.flat()).toEqual([]);
    expect(nothing.faults).toEqual([]);
    expect(lengthOf({ seed: '7', scenario: nothing })).toBe(0);
    expect(nothing.network.slowShare).toBe(0);
  });

  test('every one of them can be left out alone, and changes the scenario', () => {
    const parts = [...outerPartsOf(scenario), ...innerPartsOf(scenario, isEverything)];
    expect(new Set(parts).size).toBe(parts.length);
    const whole = JSON.stringify([...described(scenario)]);
    const same = parts.filter(
      (gone) => JSON.stringify(described(scenarioOf(scenario, (part) => part !== gone))) === whole,
    );
    // A world may be calm in some ways from the start.
    expect(same.filter((part) => /\d/u.test(part) && !part.startsWith('clock'))).toEqual([]);
  });
});

const described = (scenario: Schedule['scenario']) => tellSchedule({ seed: '', scenario });

describe('shrinking', () => {
  const violation = { kind: 'causal-read', key: 'a', sentence: 'at first' } as const;
  const schedule = { seed: '7', scenario: drawScenario('7', 'causal') };
  const putsB = /: .*put b/u;

  /** Goes wrong as long as somebody gets `a` in a plan, somebody puts `b`, and the seed allows it. */
  const goesWrong = ({ seed, scenario }: Schedule): Promise<readonly Violation[]> => {
    const lines = described(scenario);
    const isWrong =
      lines.some((line) => /get a/u.test(line)) && lines.some((line) => putsB.test(line));
    const other: Violation = { kind: 'lost-write', key: 'a', sentence: 'something else' };
    const allows = lengthOf({ seed, scenario }) % 2 === 0 || seed.endsWith('+1');
    return Promise.resolve(
      isWrong && allows ? [other, { ...violation, sentence: `of seed ${seed}` }] : [other],
    );
  };

  test('keeps the class of the violation and leaves nothing that can go', async () => {
    const shrunk = await shrinkSchedule(schedule, { violation, violationsOf: goesWrong });
    expect(shrunk.isMinimal).toBe(true);
    expect(lengthOf(shrunk.schedule)).toBe(2);
    expect(shrunk.violation.sentence).toBe(`of seed ${shrunk.schedule.seed}`);
    const { scenario } = shrunk.schedule;
    const parts = [...outerPartsOf(scenario), ...innerPartsOf(scenario, isEverything)];
    for (const gone of parts) {
      const smaller = scenarioOf(scenario, (part) => part !== gone);
      if (lengthOf({ seed: '', scenario: smaller }) === 2) continue;
      for (const seed of ['7', ...Array.from({ length: 7 }, (_, index) => `7+${index + 1}`)]) {
        const violations = await goesWrong({ seed, scenario: smaller });
        expect(violations.map(({ kind }) => kind)).toEqual(['lost-write']);
      }
    }
  });

  test('says so when the runs are used up', async () => {
    const options = { violation, violationsOf: goesWrong, runsMax: 10 };
    const shrunk = await shrinkSchedule(schedule, options);
    expect(shrunk).toMatchObject({ runs: 10, isMinimal: false });
    expect(lengthOf(shrunk.schedule)).toBeGreaterThan(2);
  });
});

test('a schedule in words names everything that happens', () => {
  const lines = tellSchedule({ seed: '7', scenario: drawScenario('7', 'causal') });
  expect(lines[0]).toBe('seed 7');
  expect(lines.join('\n')).toMatch(/client 0 .*\n.*\n.*calls stayHome as settle-homes at lww/u);
  expect(lines.join('\n')).toMatch(/n\d: (?:get|put|add|remove|siblings|workMs) /u);
});
