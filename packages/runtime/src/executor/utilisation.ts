/**
 * The share of time in which calls run or wait on an executor.
 */
import { UTILISATION_PERIOD_MS } from '../limits.ts';
import type { Clock } from '../ports/clock.ts';

/** Windows that somebody asked for are not much shorter than the period. */
const WINDOW_US_MIN = (UTILISATION_PERIOD_MS * 1_000) / 2;

export class Utilisation {
  readonly #clock: Clock;
  #calls = 0;
  #busyUs = 0;
  #busySinceUs = 0;
  #window: { readonly fromUs: number; readonly busyUs: number };
  #share = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#window = { fromUs: clock.nowUs(), busyUs: 0 };
  }

  begin(): void {
    if (this.#calls === 0) this.#busySinceUs = this.#clock.nowUs();
    this.#calls += 1;
  }

  end(): void {
    this.#calls -= 1;
    if (this.#calls === 0) this.#busyUs += this.#clock.nowUs() - this.#busySinceUs;
  }

  /** 0 to 1, since it was asked for before, unless that was only just. */
  share(): number {
    const nowUs = this.#clock.nowUs();
    const { fromUs, busyUs: before } = this.#window;
    if (nowUs - fromUs < WINDOW_US_MIN) return this.#share;
    const busyUs = this.#busyUs + (this.#calls === 0 ? 0 : nowUs - this.#busySinceUs);
    this.#share = (busyUs - before) / (nowUs - fromUs);
    this.#window = { fromUs: nowUs, busyUs };
    return this.#share;
  }
}
