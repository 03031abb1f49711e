/**
 * A stage for one role: what it sends and tells is recorded, time moves when the test says so.
 */
import type { MessageOf, RoleMessage, RuntimeEvent } from '@stormglass/core';
import type { Ports } from '../ports/ports.ts';
import type { Random } from '../ports/random.ts';

interface Wake {
  readonly atMs: number;
  readonly wake: () => void;
}

const fixedRandom: Random = { next: () => 0.5, fork: () => fixedRandom };

export class RoleStage {
  readonly sent: { readonly to: string; readonly message: RoleMessage }[] = [];
  readonly told: RuntimeEvent[] = [];
  #nowMs = 0;
  readonly #wakes = new Set<Wake>();

  readonly ports: Ports = {
    clock: { nowUs: () => this.#nowMs * 1_000, wallMs: () => 1_767_225_600_000 + this.#nowMs },
    timers: {
      after: (delayMs, wake) => {
        const entry = { atMs: this.#nowMs + delayMs, wake };
        this.#wakes.add(entry);
        return () => this.#wakes.delete(entry);
      },
    },
    random: fixedRandom,
    transport: { send: (to, message) => this.sent.push({ to, message }) },
    events: { emit: (event) => this.told.push(event), isListening: () => true },
  };

  /** Moves time and runs what is due, in order. */
  advance(ms: number): void {
    this.#nowMs += ms;
    const due = [...this.#wakes]
      .filter(({ atMs }) => atMs <= this.#nowMs)
      .toSorted((a, b) => a.atMs - b.atMs);
    for (const entry of due) if (this.#wakes.delete(entry)) entry.wake();
  }

  /** Takes the messages of one type sent since the last call, oldest first. */
  take<Type extends RoleMessage['type']>(type: Type): MessageOf<Type>[] {
    const taken: MessageOf<Type>[] = [];
    const kept = this.sent.filter(({ message }) => {
      if (!isOfType(message, type)) return true;
      taken.push(message);
      return false;
    });
    this.sent.splice(0, this.sent.length, ...kept);
    return taken;
  }
}

const isOfType = <Type extends RoleMessage['type']>(
  message: RoleMessage,
  type: Type,
): message is MessageOf<Type> => message.type === type;
