import {
  emptyClusterView,
  PROTOCOL_VERSION,
  reduceClusterView,
  type Down,
  type EventRecord,
  type RuntimeEvent,
  type Up,
} from '@stormglass/core';
import { expect, test } from 'vitest';
import {
  applyMessages,
  createLiveStore,
  INITIAL_LIVE_STATE,
  INVOCATIONS_KEPT_MAX,
} from './live-store.ts';

const hello = (cluster: string): Down => ({
  type: 'hello',
  seq: 0,
  oldest: 1,
  protocol: PROTOCOL_VERSION,
  cluster,
});
const record = (seq: number, event: RuntimeEvent): EventRecord => ({
  seq,
  at: seq * 1_000,
  ...event,
});
const events = (...records: EventRecord[]): Down => ({ type: 'events', events: records });
const started = (seq: number, invocation: string, dag = 'd'): EventRecord =>
  record(seq, {
    kind: 'invocation.started',
    invocation,
    attempt: 1,
    dag,
    dagVersion: 1,
    consistency: 'lww',
    schedule: { a: { worker: 'w1', executor: 'w1/e1' } },
  });
const finished = (seq: number, invocation: string): EventRecord =>
  record(seq, {
    kind: 'invocation.finished',
    invocation,
    status: 'succeeded',
    durationUs: 5,
    attempts: 1,
  });
const joined = (seq: number): EventRecord =>
  record(seq, { kind: 'cluster.changed', change: 'worker-joined', id: 'w1' });

const apply = (...messages: Down[]) => applyMessages(INITIAL_LIVE_STATE, messages, 9_000_000);

test('the view is the reducer of the core over all records', () => {
  const records = [joined(1), started(2, 'i1'), finished(3, 'i1')];
  const state = apply(hello('c1'), events(...records));
  expect(state.view).toEqual(records.reduce(reduceClusterView, emptyClusterView));
  expect(state.seq).toBe(3);
  expect(state.clusterChanges).toBe(1);
});

test('records are kept by invocation, and the newest of each DAG is known', () => {
  const state = apply(
    hello('c1'),
    events(started(1, 'i1'), started(2, 'i2', 'other')),
    events(finished(3, 'i1'), started(4, 'i3')),
  );
  expect(state.invocations.get('i1')?.records.map(({ seq }) => seq)).toEqual([1, 3]);
  expect(state.invocations.get('i1')?.isComplete).toBe(true);
  expect([...state.newestOf]).toEqual([
    ['d', 'i3'],
    ['other', 'i2'],
  ]);
});

test('an invocation whose beginning was not seen is not complete', () => {
  expect(apply(events(finished(9, 'i1'))).invocations.get('i1')?.isComplete).toBe(false);
});

test('a gap puts every unfinished invocation in doubt and counts what was skipped', () => {
  const state = apply(
    hello('c1'),
    events(started(1, 'done'), finished(2, 'done'), started(3, 'open')),
    { type: 'gap', from: 4, to: 10 },
    { type: 'image', seq: 10, view: reduceClusterView(emptyClusterView, joined(10)) },
  );
  expect(state.skipped).toBe(7);
  expect(state.invocations.get('done')?.isComplete).toBe(true);
  expect(state.invocations.get('open')?.isComplete).toBe(false);
  expect(state.seq).toBe(10);
  expect(Object.keys(state.view.workers)).toEqual(['w1']);
});

test('another cluster starts over, the same one goes on', () => {
  const before = apply(hello('c1'), events(started(1, 'i1')));
  expect(applyMessages(before, [hello('c1')], 0).invocations.size).toBe(1);
  expect(applyMessages(before, [hello('c2')], 0)).toEqual({ ...INITIAL_LIVE_STATE, cluster: 'c2' });
});

test('only recent invocations are kept', () => {
  let state = apply(hello('c1'));
  for (let seq = 1; seq <= INVOCATIONS_KEPT_MAX + 5; seq += 1) {
    state = applyMessages(state, [events(started(seq, `i${seq}`))], 0);
  }
  expect(state.invocations.size).toBe(INVOCATIONS_KEPT_MAX);
  expect(state.invocations.has('i5')).toBe(false);
  expect(state.invocations.has('i6')).toBe(true);
});

test('the clock offset is that of the record that arrived fastest', () => {
  let state = applyMessages(INITIAL_LIVE_STATE, [events(joined(1))], 51_000);
  state = applyMessages(state, [events(joined(2))], 42_000);
  state = applyMessages(state, [events(joined(3))], 99_000);
  expect(state.clockOffsetUs).toBe(40_000);
});

test('however many messages come, there is one commit per frame', () => {
  const frames: (() => void)[] = [];
  let tell: (message: Down) => void = () => {};
  const store = createLiveStore(
    {
      send: (_message: Up) => {},
      subscribe: (listener) => {
        tell = listener;
        return () => {};
      },
    },
    { nextFrame: (draw) => frames.push(draw), nowUs: () => 0 },
  );
  let commits = 0;
  store.subscribe(() => {
    commits += 1;
  });
  tell(hello('c1'));
  for (let seq = 1; seq <= 50; seq += 1) tell(events(started(seq, `i${seq}`)));
  expect(frames).toHaveLength(1);
  expect(commits).toBe(0);
  frames.shift()?.();
  expect(commits).toBe(1);
  expect(store.getState().seq).toBe(50);
  tell(events(started(51, 'i51')));
  expect(frames).toHaveLength(1);
});
