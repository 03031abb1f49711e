/**
 * The state of the cluster as its events tell it, for viewers that have missed some. Built when it
 * is asked for, from the events since the last time; what the log is about to lose is taken in
 * before, where it still makes a difference.
 */
import {
  emptyClusterView,
  INVOCATIONS_IN_VIEW_MAX,
  must,
  reduceClusterView,
  type ClusterView,
  type EventKind,
  type InvocationId,
  type ToldEvent,
} from '@stormglass/core';
import { recordOf, type EventLog, type LogFollower } from './event-log.ts';
import type { ImageSource } from './subscription.ts';

/** What outlives the invocation that it belongs to. */
const lastingKinds: ReadonlySet<EventKind> = new Set([
  'cache.read',
  'storage.merged',
  'cluster.changed',
]);

/** An invocation that the log knows of. */
interface Run {
  /** How many invocations had started before it. */
  readonly place: number;
  isFinished: boolean;
  /** Events of it are in the view, so the others have to follow. */
  isInView: boolean;
}

export class ClusterImage implements ImageSource, LogFollower {
  readonly #runs = new Map<InvocationId, Run>();
  #started = 0;
  #view: ClusterView = emptyClusterView;
  #seq = 0;
  #log: EventLog | undefined;

  /** The log to catch up from. It is made with this image as its follower, hence after it. */
  readonly follow = (log: EventLog): void => {
    this.#log = log;
  };

  readonly appended = ({ kind, invocation }: ToldEvent): void => {
    if (invocation === undefined) return;
    const run = this.#runs.get(invocation);
    if (run === undefined) {
      if (kind !== 'invocation.started') return;
      this.#runs.set(invocation, { place: this.#started, isFinished: false, isInView: false });
      this.#started += 1;
    } else if (kind === 'invocation.finished') run.isFinished = true;
  };

  readonly forgetting = (seq: number, told: ToldEvent): void => {
    if (seq > this.#seq) {
      if (this.#isPast(told)) this.#seq = seq;
      else this.#absorb(seq, told);
    }
    if (told.kind === 'invocation.finished' && told.invocation !== undefined) {
      this.#runs.delete(told.invocation);
    }
  };

  readonly image = (): { readonly seq: number; readonly view: ClusterView } => {
    const log = must(this.#log, 'an image needs the log that it follows');
    while (this.#seq < log.newest) {
      const seq = this.#seq + 1;
      this.#absorb(seq, must(log.told(seq), 'the log keeps what was not absorbed'));
    }
    return { seq: this.#seq, view: this.#view };
  };

  #absorb(seq: number, told: ToldEvent): void {
    const run = told.invocation === undefined ? undefined : this.#runs.get(told.invocation);
    if (run !== undefined) run.isInView = true;
    this.#view = reduceClusterView(this.#view, recordOf(seq, told));
    this.#seq = seq;
  }

  /**
   * The whole invocation is over, and so many have started since that no view shows it any more. An
   * event that is looked at costs a hundred times more than one that is not.
   */
  #isPast({ kind, invocation }: ToldEvent): boolean {
    if (invocation === undefined || lastingKinds.has(kind)) return false;
    const run = this.#runs.get(invocation);
    if (run === undefined || run.isInView || !run.isFinished) return false;
    return this.#started - run.place > INVOCATIONS_IN_VIEW_MAX;
  }
}
