/**
 * What a sweep has seen so far: plain data, so that threads can hand theirs in.
 */
import type { History } from '../../adapters/sim/history.ts';
import type { ScheduleRun } from '../../adapters/sim/run-schedule.ts';
import type { Violation } from '../../adapters/sim/violation.ts';

export interface BrokenSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

export interface Tally {
  schedules: number;
  /** Reads and writes of functions, puts, gets and deletes of clients. */
  operations: number;
  turns: number;
  virtualMs: number;
  readonly faults: Map<string, number>;
  /** `ok`, `ok again` after more than one attempt, or the problem's slug. */
  readonly answers: Map<string, number>;
  readonly broken: BrokenSeed[];
}

export const emptyTally = (): Tally => ({
  schedules: 0,
  operations: 0,
  turns: 0,
  virtualMs: 0,
  faults: new Map(),
  answers: new Map(),
  broken: [],
});

export function countSchedule(
  tally: Tally,
  seed: number,
  { simulation, violations }: ScheduleRun,
): void {
  tally.schedules += 1;
  if (violations.length > 0) tally.broken.push({ seed, violations });
  if (simulation === undefined) return;
  tally.turns += simulation.turns;
  tally.virtualMs += simulation.virtualMs;
  for (const [kind, times] of simulation.faults) add(tally.faults, kind, times);
  countHistory(tally, simulation.history);
}

function countHistory(tally: Tally, history: History): void {
  for (const entry of history) {
    switch (entry.kind) {
      case 'read':
      case 'write':
      case 'put':
      case 'get':
        tally.operations += 1;
        break;
      case 'answer':
        add(tally.answers, entry.failure ?? (entry.attempts > 1 ? 'ok again' : 'ok'), 1);
        break;
      default:
        break;
    }
  }
}

export function addTally(sum: Tally, more: Tally): void {
  sum.schedules += more.schedules;
  sum.operations += more.operations;
  sum.turns += more.turns;
  sum.virtualMs += more.virtualMs;
  for (const [kind, times] of more.faults) add(sum.faults, kind, times);
  for (const [outcome, times] of more.answers) add(sum.answers, outcome, times);
  sum.broken.push(...more.broken);
}

const add = (counts: Map<string, number>, name: string, times: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + times);
};
