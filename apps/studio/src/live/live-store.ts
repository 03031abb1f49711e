/**
 * What the studio knows of the cluster, built from the stream alone: the view of core's reducer and the
 * records of recent invocations. Messages are gathered and applied in one commit per animation frame
 * (house.md 3.6).
 */
import {
  emptyClusterView,
  reduceClusterView,
  type ClusterView,
  type Down,
  type EventRecord,
} from '@stormglass/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LiveSource } from './live-source.ts';

/** The records of one invocation that came over the stream, in order. */
export interface StreamedInvocation {
  readonly records: readonly EventRecord[];
  /**
   * False when its beginning was before this page looked, or a gap may have swallowed a part: ask for
   * the trace.
   */
  readonly isComplete: boolean;
}

export interface LiveState {
  /** Which start of which server this is about; absent before the first hello. */
  readonly cluster: string | undefined;
  readonly seq: number;
  readonly view: ClusterView;
  readonly invocations: ReadonlyMap<string, StreamedInvocation>;
  /** The id of the newest invocation started for each DAG, as told by the stream. */
  readonly newestOf: ReadonlyMap<string, string>;
  /** How many events this page was skipped past. */
  readonly skipped: number;
  /** Counts `cluster.changed` events: a reason to ask for the cluster again. */
  readonly clusterChanges: number;
  /**
   * Page clock minus cluster clock, microseconds, of the record that took the least time to arrive:
   * what turns "now" into a running clock.
   */
  readonly clockOffsetUs: number | undefined;
}

export const INVOCATIONS_KEPT_MAX = 60;
const RECORDS_KEPT_MAX = 60_000;

export const INITIAL_LIVE_STATE: LiveState = {
  cluster: undefined,
  seq: 0,
  view: emptyClusterView,
  invocations: new Map(),
  newestOf: new Map(),
  skipped: 0,
  clusterChanges: 0,
  clockOffsetUs: undefined,
};

export interface LiveStoreSurroundings {
  /** Calls back once, at the next frame (or soon, when the page is hidden). */
  readonly nextFrame: (draw: () => void) => void;
  /** The page's clock, microseconds. */
  readonly nowUs: () => number;
}

const HIDDEN_INTERVAL_MS = 1_000;

const pageFrames: LiveStoreSurroundings = {
  // A hidden page gets no animation frames, and must not gather records for ever.
  nextFrame: (draw) => {
    let isDrawn = false;
    const once = () => {
      if (isDrawn) return;
      isDrawn = true;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      draw();
    };
    const frame = requestAnimationFrame(once);
    const timer = setTimeout(once, HIDDEN_INTERVAL_MS);
  },
  nowUs: () => performance.now() * 1_000,
};

/** Pure: everything that came since the last frame, in one step. `receivedAtUs` is the page's clock. */
export function applyMessages(
  state: LiveState,
  messages: readonly Down[],
  receivedAtUs: number,
): LiveState {
  let next = state;
  for (const message of messages) {
    switch (message.type) {
      case 'hello':
        if (next.cluster !== message.cluster) {
          next = { ...INITIAL_LIVE_STATE, cluster: message.cluster };
        }
        break;
      case 'events':
        next = applyRecords(next, message.events, receivedAtUs);
        break;
      case 'gap':
        next = {
          ...next,
          skipped: next.skipped + (message.to - message.from + 1),
          invocations: doubtUnfinished(next.invocations),
        };
        break;
      case 'image':
        next = { ...next, seq: message.seq, view: message.view };
        break;
      case 'problem':
        break;
    }
  }
  return next;
}

function applyRecords(
  state: LiveState,
  records: readonly EventRecord[],
  receivedAtUs: number,
): LiveState {
  let { view, seq, clusterChanges, newestOf } = state;
  let offsetUs = state.clockOffsetUs ?? Number.POSITIVE_INFINITY;
  const arrived = new Map<string, EventRecord[]>();
  for (const record of records) {
    view = reduceClusterView(view, record);
    seq = record.seq;
    offsetUs = Math.min(offsetUs, receivedAtUs - record.at);
    if (record.kind === 'cluster.changed') clusterChanges += 1;
    if (record.kind === 'invocation.started') {
      newestOf = new Map(newestOf).set(record.dag, record.invocation);
    }
    const invocation = invocationOf(record);
    if (invocation === undefined) continue;
    const group = arrived.get(invocation);
    if (group === undefined) arrived.set(invocation, [record]);
    else group.push(record);
  }
  return {
    ...state,
    view,
    seq,
    clusterChanges,
    newestOf,
    clockOffsetUs: Number.isFinite(offsetUs) ? offsetUs : undefined,
    invocations: arrived.size === 0 ? state.invocations : keep(state.invocations, arrived),
  };
}

const invocationOf = (record: EventRecord): string | undefined =>
  'invocation' in record ? record.invocation : undefined;

/** Appends, moving invocations with news to the end; then drops the ones without news for longest. */
function keep(
  known: ReadonlyMap<string, StreamedInvocation>,
  arrived: ReadonlyMap<string, readonly EventRecord[]>,
): ReadonlyMap<string, StreamedInvocation> {
  const next = new Map(known);
  for (const [invocation, records] of arrived) {
    const before = next.get(invocation);
    next.delete(invocation);
    next.set(invocation, {
      records: before === undefined ? records : [...before.records, ...records],
      isComplete: before?.isComplete ?? records[0]?.kind === 'invocation.started',
    });
  }
  let count = 0;
  for (const { records } of next.values()) count += records.length;
  for (const [invocation, { records }] of next) {
    if (next.size === 1) break;
    if (next.size <= INVOCATIONS_KEPT_MAX && count <= RECORDS_KEPT_MAX) break;
    next.delete(invocation);
    count -= records.length;
  }
  return next;
}

function doubtUnfinished(
  known: ReadonlyMap<string, StreamedInvocation>,
): ReadonlyMap<string, StreamedInvocation> {
  return new Map(
    [...known].map(([invocation, streamed]) => [
      invocation,
      streamed.records.some((record) => record.kind === 'invocation.finished')
        ? streamed
        : { ...streamed, isComplete: false },
    ]),
  );
}

/** Follows a source for as long as the store lives. */
export function createLiveStore(
  source: LiveSource,
  surroundings: LiveStoreSurroundings = pageFrames,
): StoreApi<LiveState> {
  const store = createStore(() => INITIAL_LIVE_STATE);
  let waiting: Down[] = [];
  source.subscribe((message) => {
    waiting.push(message);
    if (waiting.length > 1) return;
    surroundings.nextFrame(() => {
      const messages = waiting;
      waiting = [];
      store.setState(applyMessages(store.getState(), messages, surroundings.nowUs()), true);
    });
  });
  return store;
}
