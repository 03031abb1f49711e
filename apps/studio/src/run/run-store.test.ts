import type {
  EventRecord,
  InvocationStatus,
  InvocationTrace,
  RuntimeEvent,
} from '@stormglass/core';
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Answer } from '../api/request.ts';
import { INITIAL_LIVE_STATE, applyMessages, type LiveState } from '../live/live-store.ts';
import { RunStore, shownStatus, VIEW_INTERVAL_MS } from './run-store.ts';

const record = (seq: number, event: RuntimeEvent): EventRecord => ({ seq, at: seq, ...event });
const started = (seq: number, invocation: string): EventRecord =>
  record(seq, {
    kind: 'invocation.started',
    invocation,
    attempt: 1,
    dag: 'd',
    dagVersion: 1,
    consistency: 'lww',
    schedule: { a: { worker: 'w1', executor: 'w1/e1' } },
  });
const ran = (seq: number, invocation: string): EventRecord =>
  record(seq, {
    kind: 'function.started',
    invocation,
    attempt: 1,
    node: 'a',
    worker: 'w1',
    function: 'f',
  });
const finished = (seq: number, invocation: string): EventRecord =>
  record(seq, {
    kind: 'invocation.finished',
    invocation,
    status: 'succeeded',
    durationUs: 5,
    attempts: 1,
  });

const gone = {
  ok: false,
  problem: { type: 'invocation-not-found', title: 't', status: 404, detail: 'gone' },
} as const;

function start() {
  const live = createStore<LiveState>(() => ({ ...INITIAL_LIVE_STATE, cluster: 'c1' }));
  const traces = new Map<string, InvocationTrace>();
  const asked: string[] = [];
  let nowMs = 0;
  let timers: { atMs: number; wake: () => void }[] = [];
  const outcome = (invocation: string): Answer<InvocationStatus> => ({
    ok: true,
    value: {
      invocation,
      status: 'succeeded',
      consistency: 'lww',
      startedAt: '2026-11-23T10:00:00Z',
      attempts: 1,
      result: 25,
    },
  });
  const run = new RunStore(live, {
    nowMs: () => nowMs,
    after: (delayMs, wake) => timers.push({ atMs: nowMs + delayMs, wake }),
    loadTrace: async (id) => {
      asked.push(`trace ${id}`);
      const trace = traces.get(id);
      return trace === undefined ? gone : { ok: true, value: trace };
    },
    loadOutcome: async (id, waitMs) => {
      asked.push(waitMs === undefined ? `outcome ${id}` : `end of ${id}`);
      return outcome(id);
    },
  });
  return {
    run,
    asked,
    traces,
    hear: (...events: EventRecord[]) => {
      live.setState(applyMessages(live.getState(), [{ type: 'events', events }], 0), true);
    },
    restart: () => {
      live.setState({ ...INITIAL_LIVE_STATE, cluster: 'c2' }, true);
    },
    pass: (durationMs: number) => {
      nowMs += durationMs;
      const due = timers.filter((timer) => timer.atMs <= nowMs);
      timers = timers.filter((timer) => timer.atMs > nowMs);
      for (const timer of due) timer.wake();
    },
    /** Lets answers that are already there arrive. */
    settle: () =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, 0);
      }),
  };
}

const trace = (invocation: string, ...events: EventRecord[]): InvocationTrace => ({
  invocation,
  dag: 'd',
  status: 'succeeded',
  consistency: 'lww',
  nodes: [],
  edges: [],
  events,
});

test('following shows the newest invocation of the DAG, and another one when it starts', () => {
  const { run, hear, pass } = start();
  run.show('d', undefined);
  expect(run.state.getState().invocation).toBeUndefined();
  hear(started(1, 'i1'));
  expect(run.state.getState().invocation).toBe('i1');
  pass(VIEW_INTERVAL_MS);
  hear(started(2, 'i2'));
  expect(run.state.getState().invocation).toBe('i2');
  run.setFollow(false);
  expect(run.state.getState().invocation).toBeUndefined();
  expect(run.state.getState().nodes.size).toBe(0);
});

test('the invocation in the address wins over following', () => {
  const { run, hear, pass } = start();
  hear(started(1, 'i1'), started(2, 'i2'));
  run.show('d', 'i1');
  pass(VIEW_INTERVAL_MS);
  hear(started(3, 'i3'));
  expect(run.state.getState().invocation).toBe('i1');
});

test('a running invocation comes from the stream, its result is asked for once it ended', async () => {
  const { run, hear, pass, asked, settle } = start();
  hear(started(1, 'i1'));
  run.show('d', 'i1');
  hear(ran(2, 'i1'));
  pass(VIEW_INTERVAL_MS);
  expect(run.state.getState().nodes.get('a')?.status).toBe('running');
  expect(asked).toEqual([]);
  hear(finished(3, 'i1'));
  pass(VIEW_INTERVAL_MS);
  await settle();
  expect(asked).toEqual(['outcome i1']);
  expect(run.state.getState().outcome?.result).toBe(25);
});

test('an earlier invocation comes from its trace', async () => {
  const { run, traces, asked, settle } = start();
  traces.set('old', trace('old', started(1, 'old'), ran(2, 'old'), finished(3, 'old')));
  run.show('d', 'old');
  expect(run.state.getState().isLoading).toBe(true);
  await settle();
  expect(run.state.getState().summary?.status).toBe('succeeded');
  expect(run.state.getState().records).toHaveLength(3);
  expect(asked).toEqual(['trace old', 'outcome old']);
});

test('an invocation that the stream joined in the middle is completed by its trace', async () => {
  const { run, traces, hear, settle } = start();
  traces.set('i1', trace('i1', started(1, 'i1'), ran(2, 'i1')));
  hear(ran(2, 'i1'), finished(3, 'i1'));
  run.show('d', 'i1');
  await settle();
  expect(run.state.getState().records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('a run without a trace is waited for, because the stream never tells of its end', async () => {
  const { run, traces, asked, settle } = start();
  traces.set('quiet', { ...trace('quiet'), status: 'running' });
  run.show('d', 'quiet');
  await settle();
  expect(asked).toEqual(['trace quiet', 'end of quiet']);
  expect(shownStatus(run.state.getState())).toBe('succeeded');
  expect(run.state.getState().outcome?.result).toBe(25);
});

test('an unknown invocation is a problem, asked for once', async () => {
  const { run, asked, hear, pass, settle } = start();
  run.show('d', 'nowhere');
  await settle();
  pass(VIEW_INTERVAL_MS);
  hear(started(1, 'i1'));
  pass(VIEW_INTERVAL_MS);
  await settle();
  expect(run.state.getState().problem?.type).toBe('invocation-not-found');
  expect(asked).toEqual(['trace nowhere']);
});

test('a server that starts anew does not wipe what is on the screen', async () => {
  const { run, hear, pass, restart, settle } = start();
  hear(started(1, 'i1'), ran(2, 'i1'), finished(3, 'i1'));
  run.show('d', 'i1');
  restart();
  pass(VIEW_INTERVAL_MS);
  await settle();
  expect(run.state.getState().records).toHaveLength(3);
  expect(run.state.getState().problem?.type).toBe('invocation-not-found');
});

test('what is run again after the server started anew takes the place of what was kept', async () => {
  const { run, hear, pass, restart, settle, traces } = start();
  const seqs = () => run.state.getState().records.map(({ seq }) => seq);
  traces.set('i1', { ...trace('i1', started(11, 'i1'), ran(12, 'i1')), status: 'running' });
  hear(ran(12, 'i1'));
  run.show('d', 'i1');
  pass(VIEW_INTERVAL_MS);
  await settle();
  pass(VIEW_INTERVAL_MS);
  expect(seqs()).toEqual([11, 12]);
  restart();
  hear(started(1, 'i1'));
  pass(VIEW_INTERVAL_MS);
  hear(ran(2, 'i1'));
  pass(VIEW_INTERVAL_MS);
  expect(seqs()).toEqual([1, 2]);
  expect(run.state.getState().nodes.get('a')).toMatchObject({ status: 'running', startedAt: 2 });
});

test('as many records as before the server started anew are news all the same', async () => {
  const { run, hear, pass, restart, settle, traces } = start();
  hear(started(11, 'i1'), ran(12, 'i1'));
  run.show('d', 'i1');
  traces.set('i1', { ...trace('i1', started(1, 'i1'), ran(2, 'i1')), status: 'running' });
  restart();
  pass(VIEW_INTERVAL_MS);
  await settle();
  pass(VIEW_INTERVAL_MS);
  expect(run.state.getState().nodes.get('a')).toMatchObject({ status: 'running', startedAt: 2 });
});

test('news come at most once per interval', () => {
  const { run, hear, pass } = start();
  hear(started(1, 'i1'));
  run.show('d', 'i1');
  let commits = 0;
  run.state.subscribe(() => {
    commits += 1;
  });
  for (let seq = 2; seq < 102; seq += 1) hear(ran(seq, 'i1'));
  expect(commits).toBe(1);
  pass(VIEW_INTERVAL_MS);
  expect(commits).toBe(2);
  expect(run.state.getState().records).toHaveLength(101);
});
