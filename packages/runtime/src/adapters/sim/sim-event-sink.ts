/**
 * The EventSink port of one simulation: into an array, in the order of emission, and to whoever
 * watches.
 */
import type { RuntimeEvent, TimedEvent } from '@stormglass/core';
import type { EventSink } from '../../ports/event-sink.ts';
import type { EventQueue } from './event-queue.ts';
import type { SimLife } from './sim-life.ts';

export class SimEventLog {
  readonly #queue: EventQueue;
  readonly #events: TimedEvent[] = [];
  readonly #heard: ReadonlySet<RuntimeEvent['kind']> | undefined;
  readonly #watchers = new Set<(event: RuntimeEvent) => void>();

  /** @param heard only these kinds are told and nothing is kept; all are where this is left out */
  constructor(queue: EventQueue, heard?: ReadonlySet<RuntimeEvent['kind']>) {
    this.#queue = queue;
    this.#heard = heard;
  }

  get events(): readonly TimedEvent[] {
    return this.#events;
  }

  sinkOf(life: SimLife): EventSink {
    return {
      emit: (event, at = this.#queue.nowUs) => {
        if (!life.isAlive) return;
        if (this.#heard === undefined) this.#events.push({ at, event });
        for (const watcher of this.#watchers) watcher(event);
      },
      isListening: (kind) => this.#heard?.has(kind) ?? true,
    };
  }

  /** Runs `watcher` inside `emit`, so it must not call into a role. Returns how to stop. */
  watch(watcher: (event: RuntimeEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
