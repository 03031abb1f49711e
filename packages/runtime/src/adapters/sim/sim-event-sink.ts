/**
 * The EventSink port into an array, in the order of emission, for one simulation.
 */
import type { RuntimeEvent, TimedEvent } from '@stormglass/core';
import type { EventSink } from '../../ports/event-sink.ts';
import type { EventQueue } from './event-queue.ts';
import type { SimLife } from './sim-life.ts';

export class SimEventLog {
  readonly #queue: EventQueue;
  readonly #events: TimedEvent[] = [];
  readonly #watchers = new Set<(event: RuntimeEvent) => void>();

  constructor(queue: EventQueue) {
    this.#queue = queue;
  }

  get events(): readonly TimedEvent[] {
    return this.#events;
  }

  sinkOf(life: SimLife): EventSink {
    return {
      emit: (event, at = this.#queue.nowUs) => {
        if (!life.isAlive) return;
        this.#events.push({ at, event });
        for (const watcher of this.#watchers) watcher(event);
      },
      isListening: () => true,
    };
  }

  /** Runs `watcher` inside `emit`, so it must not call into a role. Returns how to stop. */
  watch(watcher: (event: RuntimeEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
