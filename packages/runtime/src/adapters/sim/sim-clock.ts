/**
 * The Clock port over virtual time. Durations are exact; the wall clock of each machine is wrong in
 * its own way.
 */
import type { Clock } from '../../ports/clock.ts';
import type { EventQueue } from './event-queue.ts';

/** Wall time at the start of every simulation: 2026-01-01T00:00:00Z. */
const WALL_START_MS = 1_767_225_600_000;

export interface ClockError {
  /** How far the wall clock is ahead of virtual time at the start; negative when it is behind. */
  readonly skewMs: number;
  /** How much faster it runs, in parts per million; negative when it runs slower. */
  readonly driftPpm: number;
}

export const EXACT_CLOCK: ClockError = { skewMs: 0, driftPpm: 0 };

/** The wall clock of one machine. */
export class WallClock {
  readonly #queue: EventQueue;
  readonly #rate: number;
  #aheadMs: number;

  constructor(queue: EventQueue, { skewMs, driftPpm }: ClockError) {
    this.#queue = queue;
    this.#rate = 1 + driftPpm / 1e6;
    this.#aheadMs = skewMs;
  }

  nowMs(): number {
    return Math.floor(WALL_START_MS + this.#aheadMs + (this.#queue.nowUs * this.#rate) / 1000);
  }

  /** Backwards with a negative number. */
  jump(byMs: number): void {
    this.#aheadMs += byMs;
  }
}

export const simClock = (queue: EventQueue, wall: WallClock): Clock => ({
  nowUs: () => queue.nowUs,
  wallMs: () => wall.nowMs(),
});
