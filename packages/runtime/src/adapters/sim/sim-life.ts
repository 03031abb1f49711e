/**
 * The life of one simulated process. When it ends, nothing that the process had under way happens
 * any more: its timers, its disk requests and its running functions go through here, as a crash
 * runs no code. While it pauses they wait.
 */
import type { EventQueue } from './event-queue.ts';

export class SimLife {
  readonly machine: string;
  #isAlive = true;
  #pausedUntilUs = 0;

  constructor(machine: string) {
    this.machine = machine;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  end(): void {
    this.#isAlive = false;
  }

  pauseUntil(untilUs: number): void {
    this.#pausedUntilUs = Math.max(this.#pausedUntilUs, untilUs);
  }

  /** A pause that has begun ends now. */
  wake(): void {
    this.#pausedUntilUs = 0;
  }

  /** Now, or when the pause is over, in the order of the calls; or `missed` when the life is over. */
  run(queue: EventQueue, turn: () => void, missed?: () => void): void {
    if (!this.#isAlive) missed?.();
    else if (this.#pausedUntilUs <= queue.nowUs) turn();
    else queue.at(this.#pausedUntilUs, () => this.run(queue, turn, missed));
  }
}
