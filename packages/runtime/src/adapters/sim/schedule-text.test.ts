import { consistencyLevels } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { runSimulation } from './run-simulation.ts';
import { parseSchedule, scheduleText } from './schedule-text.ts';
import { drawScenario, workloadFunctions } from './workload.ts';

test.each(consistencyLevels)(
  'a drawn schedule at %s runs again exactly from its text',
  async (level) => {
    const schedule = { seed: '9', scenario: drawScenario('9', level) };
    const text = scheduleText(schedule);
    const read = parseSchedule(text, workloadFunctions);
    expect(scheduleText(read)).toBe(text);
    const { hash } = await runSimulation(schedule.seed, schedule.scenario);
    expect((await runSimulation(read.seed, read.scenario)).hash).toBe(hash);
  },
);

describe('refuses', () => {
  test.each(['[]', '{"seed":1}', '{"seed":"1","scenario":{}}', '{"a":{"$map":[1]}}'])(
    '%s',
    (text) => {
      expect(() => parseSchedule(text, workloadFunctions)).toThrow();
    },
  );

  test('a function that nobody knows', () => {
    const text = scheduleText({ seed: '9', scenario: drawScenario('9', 'lww') });
    expect(() => parseSchedule(text, [])).toThrow('Nobody knows the function stayHome');
  });
});
