/**
 * What a client does next, by chance. A run over real processes cannot be replayed, so nothing here
 * has a seed: the recorded history is what is kept.
 */
import { randomInt } from 'node:crypto';
import type { Action } from './perform.ts';

const KEYS_OF_LEVEL = 4;
const ACTIONS_MAX = 4;

export const drawOne = <T>(choices: readonly T[]): T => {
  const drawn = choices[randomInt(choices.length)];
  if (drawn === undefined) throw new Error('Nothing to choose from');
  return drawn;
};

export const drawChance = (probability: number): boolean =>
  randomInt(1_000_000) < probability * 1_000_000;

/** The levels make different promises about the same writes, so each has keys of its own. */
export const registersOf = (level: string): readonly string[] =>
  Array.from({ length: KEYS_OF_LEVEL }, (_, index) => `${level}/${index}`);

export const counterOf = (level: string): string => `${level}/counter`;

/** Earlier keys are drawn more often: conflicts need keys that many want. */
const drawKey = (level: string): string => {
  const keys = registersOf(level);
  return drawOne(keys.slice(0, randomInt(1, keys.length + 1)));
};

export function drawPlan(level: string, label: string): readonly Action[] {
  return Array.from({ length: randomInt(1, ACTIONS_MAX + 1) }, (_, index): Action => {
    const write = `${label}.${index}`;
    const chance = randomInt(100);
    if (chance < 45) return { do: 'get', key: drawKey(level) };
    if (chance < 50) return { do: 'siblings', key: drawKey(level) };
    if (chance < 80) return { do: 'put', key: drawKey(level), label: write };
    if (chance < 84) return { do: 'delete', key: drawKey(level), label: write };
    if (chance < 96) return { do: 'add', key: counterOf(level), label: write };
    return { do: 'count', key: counterOf(level) };
  });
}
