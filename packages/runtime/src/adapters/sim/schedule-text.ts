/**
 * Schedules as text that runs again exactly: JSON, with Maps as pairs and scripts by their names.
 */
import { assert } from '@stormglass/core';
import type { Scenario, ScenarioFunction } from './scenario.ts';
import type { Schedule } from './shrink/shrink-schedule.ts';

const MAP = '$map';

const encode = (_key: string, value: unknown): unknown =>
  value instanceof Map ? { [MAP]: [...value] } : value;

function decode(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(MAP in value)) return value;
  const pairs: unknown = value[MAP];
  assert(Array.isArray(pairs), `${MAP} is no list of pairs`);
  return new Map(pairs.map(pairOf));
}

function pairOf(pair: unknown): readonly [unknown, unknown] {
  assert(Array.isArray(pair) && pair.length === 2, `${MAP} has something that is no pair`);
  return [pair[0], pair[1]];
}

/** Two spaces deep, so a person can read and change it. */
export function scheduleText({ seed, scenario }: Schedule): string {
  const functions = scenario.functions.map(({ name }) => name);
  return `${JSON.stringify({ seed, scenario: { ...scenario, functions } }, encode, 2)}\n`;
}

/**
 * @param text what {@link scheduleText} returned; that it is a scenario is only seen when it runs
 * @param known the functions that its scenario may name
 * @throws when it is no schedule, or names a function that nobody knows
 */
export function parseSchedule(text: string, known: readonly ScenarioFunction[]): Schedule {
  const data: unknown = JSON.parse(text, decode);
  assert(isWritten(data), 'No schedule: seed and scenario are missing');
  const functions = data.scenario.functions.map((name) => {
    const found = known.find((candidate) => candidate.name === name);
    assert(found !== undefined, `Nobody knows the function ${String(name)}`);
    return found;
  });
  return { seed: data.seed, scenario: { ...data.scenario, functions } };
}

interface WrittenSchedule {
  readonly seed: string;
  readonly scenario: Omit<Scenario, 'functions'> & { readonly functions: readonly unknown[] };
}

const isWritten = (data: unknown): data is WrittenSchedule =>
  typeof data === 'object' &&
  data !== null &&
  'seed' in data &&
  typeof data.seed === 'string' &&
  'scenario' in data &&
  typeof data.scenario === 'object' &&
  data.scenario !== null &&
  'functions' in data.scenario &&
  Array.isArray(data.scenario.functions);
