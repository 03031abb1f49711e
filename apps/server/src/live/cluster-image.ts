/**
 * The state of the cluster as its events tell it, for viewers that have missed some. Built when it
 * is asked for, from the records since the last time; records that the log is about to lose are
 * taken in before.
 */
import {
  emptyClusterView,
  must,
  reduceClusterView,
  type ClusterView,
  type EventRecord,
} from '@stormglass/core';
import type { EventLog } from './event-log.ts';
import type { ImageSource } from './subscription.ts';

export class ClusterImage implements ImageSource {
  #view: ClusterView = emptyClusterView;
  #seq = 0;
  #log: EventLog | undefined;

  /** The log to catch up from. It is made with {@link absorb}, hence after this. */
  readonly follow = (log: EventLog): void => {
    this.#log = log;
  };

  readonly absorb = (record: EventRecord): void => {
    if (record.seq <= this.#seq) return;
    this.#view = reduceClusterView(this.#view, record);
    this.#seq = record.seq;
  };

  readonly image = (): { readonly seq: number; readonly view: ClusterView } => {
    const log = must(this.#log, 'an image needs the log that it follows');
    while (this.#seq < log.newest) {
      this.absorb(must(log.record(this.#seq + 1), 'the log keeps what was not absorbed'));
    }
    return { seq: this.#seq, view: this.#view };
  };
}
