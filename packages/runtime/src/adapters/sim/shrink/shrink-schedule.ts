/**
 * Makes a schedule that goes wrong as small as it gets: as long as a part can be left out and the
 * same kind of violation on the same key still happens, it is left out. Values and versions may be
 * others than at first.
 *
 * Whatever is left out moves what a seed draws afterwards, so each smaller scenario is tried with a
 * few seeds.
 */
import type { Scenario } from '../scenario.ts';
import { isSameClass, type Violation } from '../violation.ts';
import { leaveOut } from './leave-out.ts';
import { innerPartsOf, outerPartsOf, scenarioOf, type PartName } from './schedule-parts.ts';

/** What one run is made of. */
export interface Schedule {
  readonly seed: string;
  readonly scenario: Scenario;
}

export interface ShrinkOptions {
  /** Runs it and says what is wrong; a run that fails is a violation of kind `crash`. */
  readonly violationsOf: (schedule: Schedule) => Promise<readonly Violation[]>;
  /** Of which the class is kept. */
  readonly violation: Violation;
  /** Default 3000. */
  readonly runsMax?: number | undefined;
  /** How many seeds each smaller scenario is tried with; default 8. */
  readonly seeds?: number | undefined;
}

export interface ShrunkSchedule {
  readonly schedule: Schedule;
  /** What is wrong with it. */
  readonly violation: Violation;
  readonly runs: number;
  /**
   * Whether no part can be left out alone, with any of the seeds tried. False when the runs were
   * used up before that was known.
   */
  readonly isMinimal: boolean;
}

const RUNS_MAX = 3_000;
const SEEDS = 8;

export async function shrinkSchedule(
  schedule: Schedule,
  options: ShrinkOptions,
): Promise<ShrunkSchedule> {
  const shrinking = new Shrinking(schedule, options);
  await shrinking.shrink();
  return shrinking.result();
}

class Shrinking {
  readonly #whole: Scenario;
  readonly #options: ShrinkOptions;
  readonly #seeds: readonly string[];
  readonly #gone = new Set<PartName>();
  #schedule: Schedule;
  #violation: Violation;
  #runs = 0;
  #isMinimal = false;

  constructor(schedule: Schedule, options: ShrinkOptions) {
    this.#whole = schedule.scenario;
    this.#options = options;
    this.#schedule = schedule;
    this.#violation = options.violation;
    const others = Array.from({ length: (options.seeds ?? SEEDS) - 1 }, (_, index) => index + 1);
    this.#seeds = [schedule.seed, ...others.map((index) => `${schedule.seed}+${index}`)];
  }

  async shrink(): Promise<void> {
    let before = -1;
    // What is inside a step can make another step leave, and the other way round.
    while (before !== this.#gone.size) {
      before = this.#gone.size;
      await this.#leaveOut(outerPartsOf(this.#whole));
      await this.#leaveOut(innerPartsOf(this.#whole, (part) => !this.#gone.has(part)));
    }
    this.#isMinimal = !this.#isUsedUp();
  }

  result(): ShrunkSchedule {
    const { seed } = this.#schedule;
    return {
      schedule: { seed, scenario: this.#schedule.scenario },
      violation: this.#violation,
      runs: this.#runs,
      isMinimal: this.#isMinimal,
    };
  }

  #isUsedUp(): boolean {
    return this.#runs >= (this.#options.runsMax ?? RUNS_MAX);
  }

  async #leaveOut(parts: readonly PartName[]): Promise<void> {
    const present = parts.filter((part) => !this.#gone.has(part));
    await leaveOut(present, (leaving) => this.#tryWithout(leaving));
  }

  async #tryWithout(leaving: readonly PartName[]): Promise<boolean> {
    const gone = this.#gone.union(new Set(leaving));
    const scenario = scenarioOf(this.#whole, (part) => !gone.has(part));
    for (const seed of this.#seedsInOrder()) {
      if (this.#isUsedUp()) return false;
      this.#runs += 1;
      const violations = await this.#options.violationsOf({ seed, scenario });
      const same = violations.find((violation) => isSameClass(violation, this.#violation));
      if (same === undefined) continue;
      for (const part of leaving) this.#gone.add(part);
      this.#schedule = { seed, scenario };
      this.#violation = same;
      return true;
    }
    return false;
  }

  /** The one that worked last comes first. */
  #seedsInOrder(): readonly string[] {
    const { seed } = this.#schedule;
    return [seed, ...this.#seeds.filter((other) => other !== seed)];
  }
}
