/**
 * Choices that the simulator draws from a Random.
 */
import { assert, must } from '@stormglass/core';
import type { Random } from '../../ports/random.ts';

/** Inclusive at both ends, integers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export function drawInteger(random: Random, { min, max }: Range): number {
  assert(min <= max, () => `An empty range: ${min} to ${max}`);
  return min + Math.floor(random.next() * (max - min + 1));
}

/** True with this probability; draws nothing when the answer is certain. */
export function drawChance(random: Random, probability: number): boolean {
  return probability > 0 && (probability >= 1 || random.next() < probability);
}

export function drawOne<T>(random: Random, choices: readonly T[]): T {
  return must(choices[drawInteger(random, { min: 0, max: choices.length - 1 })], 'inside the list');
}
