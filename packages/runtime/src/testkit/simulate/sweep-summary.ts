/**
 * What a sweep says in the end, and what it says of a seed that breaks a rule.
 */
import type { ConsistencyLevel } from '@stormglass/core';
import type { BrokenSeed, Tally } from './tally.ts';

/** Of one seed. */
const SHOWN_VIOLATIONS_MAX = 5;
/** Of one level; the rest are only counted. */
export const SHOWN_SEEDS_MAX = 10;

const listOf = (counts: ReadonlyMap<string, number>): string =>
  counts.size === 0
    ? 'none'
    : [...counts]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, times]) => `${times} ${name}`)
        .join(', ');

export function levelSummary(level: ConsistencyLevel, tally: Tally, seconds: number): string {
  const { schedules, operations, turns, virtualMs, faults, answers, broken } = tally;
  const shown = broken
    .slice(0, SHOWN_SEEDS_MAX)
    .map(({ seed }) => seed)
    .join(' ');
  return [
    `${level}: ${schedules} schedules in ${seconds.toFixed(1)} s, ${Math.round(schedules / seconds)} a second`,
    `  ${operations} operations checked, ${turns} turns, ${Math.round(virtualMs / 1000)} s of virtual time`,
    `  faults injected: ${listOf(faults)}`,
    `  invocations: ${listOf(answers)}`,
    `  violations: ${broken.length === 0 ? 'none' : `${broken.length} seeds, first ${shown}`}`,
    '',
  ].join('\n');
}

export function brokenSeedText(level: ConsistencyLevel, { seed, violations }: BrokenSeed): string {
  const shown = violations.slice(0, SHOWN_VIOLATIONS_MAX);
  const more = violations.length - SHOWN_VIOLATIONS_MAX;
  return [
    `${level} seed ${seed}:`,
    ...shown.map(({ kind, sentence }) => `  ${kind}: ${sentence}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  Again: npm run simulate -- --level ${level} --seed ${seed} --schedules 1`,
    `  What happens: npm run simulate -- --level ${level} --trace ${seed}`,
    '',
  ].join('\n');
}
