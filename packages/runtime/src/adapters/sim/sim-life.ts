/**
 * The life of one simulated process. When it ends, nothing that the process had under way happens
 * any more: its timers, its disk requests and its running functions check here first, as a crash
 * runs no code.
 */
export class SimLife {
  readonly machine: string;
  #isAlive = true;

  constructor(machine: string) {
    this.machine = machine;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  end(): void {
    this.#isAlive = false;
  }
}
