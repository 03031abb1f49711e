// The picture of the cluster that events build: total, resumable from any image, and stable when
// nothing changes.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type EventKind,
  eventKinds,
  type EventRecord,
  eventRecord,
  type RuntimeEvent,
} from '../event/runtime-event.ts';
import { type ClusterView, clusterView, INVOCATIONS_IN_VIEW_MAX } from './cluster-view.ts';
import { emptyClusterView, reduceClusterView } from './reduce-cluster-view.ts';

const invocation = fc.constantFrom('i1', 'i2', 'i3');
const attempt = fc.integer({ min: 1, max: 2 });
const worker = fc.constantFrom('w1', 'w2', '__proto__');
const node = fc.constantFrom('a', 'constructor', '__proto__');
const name = fc.constantFrom('k', 'l');
const amount = fc.nat(100);
const clock = fc.constantFrom<Record<string, number>>({}, { 'w1.1': 1 });
const status = fc.constantFrom('succeeded' as const, 'failed' as const, 'cancelled' as const);
const ofNode = {
  invocation,
  attempt,
  node: fc.option(node, { nil: undefined }),
  worker,
  executor: fc.constant('w1/e1'),
};
const ofAttempt = { invocation, attempt };
const message = { ...ofNode, from: name, to: name, bytes: amount };

const schedule = fc
  .array(node)
  .map((ids) => Object.fromEntries(ids.map((id) => [id, { worker: 'w1', executor: 'w1/e1' }])));

const events: { readonly [K in EventKind]: fc.Arbitrary<Extract<RuntimeEvent, { kind: K }>> } = {
  'invocation.started': fc.record({
    kind: fc.constant('invocation.started'),
    ...ofAttempt,
    dag: name,
    dagVersion: amount,
    consistency: fc.constant('causal'),
    schedule,
  }),
  'invocation.finished': fc.record({
    kind: fc.constant('invocation.finished'),
    invocation,
    status,
    durationUs: amount,
    attempts: amount,
  }),
  'function.started': fc.record({
    kind: fc.constant('function.started'),
    ...ofNode,
    function: name,
  }),
  'function.finished': fc.record({
    kind: fc.constant('function.finished'),
    ...ofNode,
    function: name,
    status,
    durationUs: amount,
  }),
  'function.triggered': fc.record({
    kind: fc.constant('function.triggered'),
    ...ofAttempt,
    worker,
    from: node,
    to: node,
    bytes: amount,
    readSet: fc.constant({}),
    dependencies: fc.constant({}),
  }),
  'cache.read': fc.record({
    kind: fc.constant('cache.read'),
    ...ofNode,
    key: name,
    outcome: fc.constantFrom('hit', 'miss', 'upstream'),
    version: clock,
    siblings: amount,
    rule: fc.constant('lww/local'),
    because: name,
    bytes: amount,
    durationUs: amount,
  }),
  'cache.write': fc.record({
    kind: fc.constant('cache.write'),
    ...ofNode,
    key: name,
    version: clock,
    dependencies: fc.constant({}),
    operation: fc.constant('put'),
    bytes: amount,
  }),
  'cache.update': fc.record({
    kind: fc.constant('cache.update'),
    worker,
    key: name,
    version: clock,
    from: name,
  }),
  'cache.evicted': fc.record({
    kind: fc.constant('cache.evicted'),
    worker,
    key: name,
    version: clock,
  }),
  'cache.pinned': fc.record({
    kind: fc.constant('cache.pinned'),
    worker,
    key: name,
    version: clock,
    ...ofAttempt,
  }),
  'cache.released': fc.record({
    kind: fc.constant('cache.released'),
    worker,
    key: name,
    version: clock,
    ...ofAttempt,
  }),
  'storage.merged': fc.record({
    kind: fc.constant('storage.merged'),
    storage: worker,
    key: name,
    incoming: clock,
    after: clock,
    relation: fc.constant('new'),
  }),
  'storage.gossip': fc.record({
    kind: fc.constant('storage.gossip'),
    from: name,
    to: name,
    keys: fc.array(name),
  }),
  'message.sent': fc.record({ kind: fc.constant('message.sent'), ...message }),
  'message.received': fc.record({ kind: fc.constant('message.received'), ...message }),
  log: fc.record({ kind: fc.constant('log'), ...ofNode, level: fc.constant('info'), text: name }),
  'events.omitted': fc.record({
    kind: fc.constant('events.omitted'),
    ...ofNode,
    reads: fc.nat(),
    writes: fc.nat(),
    messages: fc.nat(),
  }),
  'cluster.changed': fc.record({
    kind: fc.constant('cluster.changed'),
    change: fc.constantFrom(
      'worker-joined',
      'worker-left',
      'worker-crashed',
      'worker-draining',
      'storage-joined',
      'storage-left',
      'dag-registered',
    ),
    id: worker,
  }),
};

const log = fc
  .array(fc.oneof(...Object.values<fc.Arbitrary<RuntimeEvent>>(events)), { maxLength: 40 })
  .map((all) => all.map((event, seq): EventRecord => ({ ...event, seq, at: seq * 10 })));

const follow = (view: ClusterView, records: readonly EventRecord[]): ClusterView =>
  records.reduce(reduceClusterView, view);

/** An image as it arrives at a viewer. */
const transported = (view: ClusterView): ClusterView =>
  JSON.parse(JSON.stringify(view)) as ClusterView;

test('[VW1] following from an image, however old, is following from the beginning', () => {
  fc.assert(
    fc.property(log, fc.nat(), (records, cut) => {
      const at = records.length === 0 ? 0 : cut % records.length;
      const image = transported(follow(emptyClusterView, records.slice(0, at)));
      const whole = follow(emptyClusterView, records);
      expect(follow(image, records.slice(at))).toEqual(whole);
      expect(clusterView.safeParse(whole).success).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('[VW2] a record that changes nothing returns the same view, and nothing is changed in place', () => {
  const quiet = new Set<EventKind>([
    'function.triggered',
    'cache.update',
    'cache.evicted',
    'cache.pinned',
    'cache.released',
    'storage.gossip',
    'message.sent',
    'message.received',
    'log',
    'events.omitted',
  ]);
  fc.assert(
    fc.property(log, (records) => {
      let view = emptyClusterView;
      for (const record of records) {
        const before = JSON.stringify(view);
        const after = reduceClusterView(view, record);
        expect(JSON.stringify(view)).toBe(before);
        if (quiet.has(record.kind)) expect(after).toBe(view);
        view = after;
      }
    }),
  );
});

test('[WIRE2] an example of every event kind passes the schema unchanged', () => {
  expect(Object.keys(events).toSorted()).toEqual(eventKinds.toSorted());
  for (const kind of eventKinds) {
    const [example] = fc.sample<RuntimeEvent>(events[kind], { numRuns: 1, seed: 7 });
    const record = JSON.parse(JSON.stringify({ ...example, seq: 1, at: 2 })) as unknown;
    expect(JSON.stringify(sorted(eventRecord.parse(record)))).toBe(JSON.stringify(sorted(record)));
  }
});

const sorted = (record: unknown) =>
  Object.entries(record as object).toSorted(([a], [b]) => (a < b ? -1 : 1));

let seq = 0;
const record = (event: RuntimeEvent): EventRecord => ({ ...event, seq: (seq += 1), at: seq * 10 });

const startedAttempt = (id: string, number: number): EventRecord =>
  record({
    kind: 'invocation.started',
    invocation: id,
    attempt: number,
    dag: 'd',
    dagVersion: 1,
    consistency: 'lww',
    schedule: { a: { worker: 'w1', executor: 'w1/e1' }, b: { worker: 'w2', executor: 'w2/e1' } },
  });
const ofA = (number: number) => ({
  invocation: 'i',
  attempt: number,
  node: 'a',
  worker: 'w1',
  executor: 'w1/e1',
});
const begin = (number: number): EventRecord =>
  record({ kind: 'function.started', ...ofA(number), function: 'f' });
const end = (number: number): EventRecord =>
  record({
    kind: 'function.finished',
    ...ofA(number),
    function: 'f',
    status: 'succeeded',
    durationUs: 7,
  });
const read = (number: number, outcome: 'hit' | 'miss' | 'upstream'): EventRecord =>
  record({
    kind: 'cache.read',
    ...ofA(number),
    key: 'k',
    outcome,
    version: {},
    siblings: 0,
    rule: 'lww/local',
    because: '',
    bytes: 0,
    durationUs: 1,
  });

test('a node waits, runs on its worker, counts its reads, and succeeds', () => {
  const running = follow(emptyClusterView, [
    startedAttempt('i', 1),
    begin(1),
    read(1, 'hit'),
    read(1, 'miss'),
    read(1, 'hit'),
  ]);
  expect(running.workers['w1']).toMatchObject({ running: ['i/a'], hits: 2, misses: 1 });
  expect(running.invocations[0]?.nodes).toMatchObject({
    a: { status: 'running', hits: 2, misses: 1, upstream: 0 },
    b: { status: 'waiting', worker: 'w2' },
  });
  const finish = record({
    kind: 'invocation.finished',
    invocation: 'i',
    status: 'succeeded',
    durationUs: 9,
    attempts: 1,
  });
  const done = follow(running, [end(1), finish]);
  expect(done.workers['w1']?.running).toEqual([]);
  expect(done.invocations[0]).toMatchObject({
    status: 'succeeded',
    durationUs: 9,
    nodes: { a: { status: 'succeeded', durationUs: 7 } },
  });
});

test('[VW3] a late event of the first attempt does not touch the second', () => {
  const second = follow(emptyClusterView, [
    startedAttempt('i', 1),
    begin(1),
    startedAttempt('i', 2),
    begin(2),
  ]);
  const late = follow(second, [end(1), begin(1), startedAttempt('i', 1)]);
  expect(late).toEqual(second);
  expect(second.workers['w1']?.running).toEqual(['i/a']);
  expect(second.invocations).toHaveLength(1);
  expect(follow(second, [read(1, 'hit')]).invocations).toBe(second.invocations);
});

test('only the newest invocations stay, oldest first', () => {
  const all = Array.from({ length: INVOCATIONS_IN_VIEW_MAX + 2 }, (_, at) =>
    startedAttempt(`i${at}`, 1),
  );
  const { invocations } = follow(emptyClusterView, all);
  expect(invocations).toHaveLength(INVOCATIONS_IN_VIEW_MAX);
  expect([invocations[0]?.invocation, invocations.at(-1)?.invocation]).toEqual([
    'i2',
    `i${INVOCATIONS_IN_VIEW_MAX + 1}`,
  ]);
});

test('a crashed worker runs nothing; when it joins again it starts anew', () => {
  const change = (to: 'worker-joined' | 'worker-crashed') =>
    record({ kind: 'cluster.changed', change: to, id: 'w1' });
  const crashed = follow(emptyClusterView, [
    change('worker-joined'),
    startedAttempt('i', 1),
    begin(1),
    change('worker-crashed'),
  ]);
  expect(crashed.workers['w1']).toMatchObject({ status: 'crashed', running: [] });
  expect(follow(crashed, [change('worker-joined')]).workers['w1']).toMatchObject({
    status: 'running',
    hits: 0,
  });
});
