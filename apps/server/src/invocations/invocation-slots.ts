/**
 * What was accepted is not refused for want of capacity: it waits here until the scheduler has room
 * for it, in the order in which it was accepted. It gets half of the room at most, so that those who
 * wait for their answer are served meanwhile. Whether there is room for them, the scheduler says.
 */
import type { InvocationId } from '@stormglass/core';

export class InvocationSlots {
  readonly #slots: number;
  readonly #slotsOfAccepted: number;
  #taken = 0;
  #takenByAccepted = 0;
  /** In the order in which they were accepted. */
  readonly #waiting = new Map<InvocationId, (hasEntered: boolean) => void>();

  /** @param slots invocations that the scheduler takes at a time */
  constructor(slots: number) {
    this.#slots = slots;
    this.#slotsOfAccepted = Math.ceil(slots / 2);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** One that is told when there is no room, and does not wait. */
  enter(): void {
    this.#taken += 1;
  }

  leave(): void {
    this.#taken -= 1;
    this.#callNext();
  }

  /** Resolves when the scheduler has room for it, or with `false` when it was withdrawn before that. */
  enterAccepted(id: InvocationId): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#callNext();
    });
  }

  leaveAccepted(): void {
    this.#takenByAccepted -= 1;
    this.leave();
  }

  /** @returns whether it was still waiting */
  withdraw(id: InvocationId): boolean {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(false);
    return resolve !== undefined;
  }

  #callNext(): void {
    for (const [id, resolve] of this.#waiting) {
      if (this.#taken >= this.#slots || this.#takenByAccepted >= this.#slotsOfAccepted) return;
      this.#waiting.delete(id);
      this.#taken += 1;
      this.#takenByAccepted += 1;
      resolve(true);
    }
  }
}
