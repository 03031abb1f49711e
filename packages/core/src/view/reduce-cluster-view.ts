/**
 * What each event changes in the picture of the cluster (house.md 3.6). The server makes images
 * with it, the studio follows with it. Total over event kinds: a new kind does not compile until
 * the view knows it.
 */
import type { EventKind, EventRecord } from '../event/runtime-event.ts';
import type { ClusterView, InvocationView, NodeView, WorkerView } from './cluster-view.ts';
import { INVOCATIONS_IN_VIEW_MAX } from './cluster-view.ts';

export const emptyClusterView: ClusterView = { workers: {}, storages: {}, invocations: [] };

type RecordOf<K extends EventKind> = Extract<EventRecord, { readonly kind: K }>;
type Step<K extends EventKind> = (view: ClusterView, record: RecordOf<K>) => ClusterView;
type Steps = { readonly [K in EventKind]: Step<K> };

/** Returns `view` itself when nothing changes. */
export function reduceClusterView(view: ClusterView, record: EventRecord): ClusterView {
  return applyStep(view, record, record.kind);
}

function applyStep<K extends EventKind>(view: ClusterView, record: RecordOf<K>, kind: K) {
  return steps[kind](view, record);
}

const unchanged = (view: ClusterView): ClusterView => view;

const steps: Steps = {
  'invocation.started': startAttempt,
  'invocation.finished': finishInvocation,
  'function.started': startFunction,
  'function.finished': finishFunction,
  'function.triggered': unchanged,
  'cache.read': countRead,
  'cache.write': (view, record) =>
    withNode(view, record, (node) => ({ ...node, writes: node.writes + 1 })),
  'cache.update': unchanged,
  'cache.evicted': unchanged,
  'cache.pinned': unchanged,
  'cache.released': unchanged,
  'storage.merged': countMerge,
  'storage.gossip': unchanged,
  'message.sent': unchanged,
  'message.received': unchanged,
  log: unchanged,
  'events.omitted': unchanged,
  'cluster.changed': changeCluster,
};

/** Own properties only: a node may be called `__proto__` or `constructor`. */
function own<T>(dictionary: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(dictionary, name) ? dictionary[name] : undefined;
}

const NO_COUNTS = { hits: 0, misses: 0, upstream: 0 };
const newWorker = (id: string): WorkerView => ({
  id,
  status: 'running',
  ...NO_COUNTS,
  running: [],
});
const runningName = (invocation: string, node: string): string => `${invocation}/${node}`;

function withWorker(
  view: ClusterView,
  id: string,
  change: (worker: WorkerView) => WorkerView,
): ClusterView {
  const known = own(view.workers, id);
  const changed = change(known ?? newWorker(id));
  return changed === known ? view : { ...view, workers: { ...view.workers, [id]: changed } };
}

function withInvocation(
  view: ClusterView,
  id: string,
  change: (invocation: InvocationView) => InvocationView,
): ClusterView {
  const at = view.invocations.findLastIndex(({ invocation }) => invocation === id);
  const known = view.invocations[at];
  if (known === undefined) return view;
  const changed = change(known);
  return changed === known ? view : { ...view, invocations: view.invocations.with(at, changed) };
}

interface OfNode {
  readonly invocation: string;
  readonly attempt: number;
  readonly node?: string | undefined;
}

/** Changes a node of the current attempt; an event of an earlier attempt changes nothing. */
function withNode(
  view: ClusterView,
  { invocation, attempt, node: id }: OfNode,
  change: (node: NodeView) => NodeView,
): ClusterView {
  if (id === undefined) return view;
  return withInvocation(view, invocation, (known) => {
    if (known.attempt !== attempt) return known;
    const node = own(known.nodes, id) ?? { status: 'waiting', ...NO_COUNTS, writes: 0 };
    return { ...known, nodes: { ...known.nodes, [id]: change(node) } };
  });
}

function startAttempt(view: ClusterView, record: RecordOf<'invocation.started'>): ClusterView {
  const { invocation, attempt, dag, consistency, at } = record;
  const before = view.invocations.findLast((known) => known.invocation === invocation);
  if (before !== undefined && before.attempt >= attempt) return view;
  const nodes = Object.fromEntries(
    Object.entries(record.schedule).map(([id, { worker, executor }]): [string, NodeView] => [
      id,
      { worker, executor, status: 'waiting', ...NO_COUNTS, writes: 0 },
    ]),
  );
  const started = { invocation, dag, consistency, status: 'running', attempt, nodes } as const;
  if (before === undefined) {
    const invocations = [...view.invocations, { ...started, startedAt: at }];
    return { ...view, invocations: invocations.slice(-INVOCATIONS_IN_VIEW_MAX) };
  }
  const idle = withoutRunning(view, invocation);
  return withInvocation(idle, invocation, () => ({ ...started, startedAt: before.startedAt }));
}

function finishInvocation(view: ClusterView, record: RecordOf<'invocation.finished'>): ClusterView {
  const { invocation, status, durationUs } = record;
  return withInvocation(withoutRunning(view, invocation), invocation, (known) => ({
    ...known,
    status,
    durationUs,
  }));
}

function startFunction(view: ClusterView, record: RecordOf<'function.started'>): ClusterView {
  const { worker, executor, node, invocation, at } = record;
  if (node === undefined || isStale(view, record)) return view;
  const name = runningName(invocation, node);
  const busy = withWorker(view, worker, (known) =>
    known.running.includes(name) ? known : { ...known, running: [...known.running, name] },
  );
  return withNode(busy, record, (known) => ({
    ...known,
    worker,
    ...(executor === undefined ? {} : { executor }),
    status: 'running',
    startedAt: at,
  }));
}

function finishFunction(view: ClusterView, record: RecordOf<'function.finished'>): ClusterView {
  const { worker, node, invocation, status, durationUs } = record;
  if (node === undefined || isStale(view, record)) return view;
  const name = runningName(invocation, node);
  const idle = withWorker(view, worker, (known) => withoutNames(known, (held) => held === name));
  return withNode(idle, record, (known) => ({ ...known, status, durationUs }));
}

const isStale = (view: ClusterView, { invocation, attempt }: OfNode): boolean =>
  view.invocations.some((known) => known.invocation === invocation && known.attempt !== attempt);

function withoutNames(worker: WorkerView, isGone: (name: string) => boolean): WorkerView {
  if (!worker.running.some(isGone)) return worker;
  return { ...worker, running: worker.running.filter((name) => !isGone(name)) };
}

function withoutRunning(view: ClusterView, invocation: string): ClusterView {
  const prefix = runningName(invocation, '');
  return Object.keys(view.workers).reduce(
    (idle, id) =>
      withWorker(idle, id, (worker) => withoutNames(worker, (name) => name.startsWith(prefix))),
    view,
  );
}

const countOfOutcome = { hit: 'hits', miss: 'misses', upstream: 'upstream' } as const;

function countRead(view: ClusterView, record: RecordOf<'cache.read'>): ClusterView {
  const count = countOfOutcome[record.outcome];
  const counted = withWorker(view, record.worker, (worker) => ({
    ...worker,
    [count]: worker[count] + 1,
  }));
  return withNode(counted, record, (node) => ({ ...node, [count]: node[count] + 1 }));
}

function countMerge(view: ClusterView, { storage: id }: RecordOf<'storage.merged'>): ClusterView {
  const merges = (own(view.storages, id)?.merges ?? 0) + 1;
  return { ...view, storages: { ...view.storages, [id]: { id, merges } } };
}

function changeCluster(view: ClusterView, record: RecordOf<'cluster.changed'>): ClusterView {
  const { change, id } = record;
  switch (change) {
    case 'worker-joined':
      return withWorker(view, id, () => newWorker(id));
    case 'worker-left':
      return withWorker(view, id, (worker) => ({ ...worker, status: 'left', running: [] }));
    case 'worker-crashed':
      return withWorker(view, id, (worker) => ({ ...worker, status: 'crashed', running: [] }));
    case 'worker-draining':
      return withWorker(view, id, (worker) => ({ ...worker, status: 'draining' }));
    case 'storage-joined':
      return own(view.storages, id) === undefined
        ? { ...view, storages: { ...view.storages, [id]: { id, merges: 0 } } }
        : view;
    case 'storage-left': {
      if (own(view.storages, id) === undefined) return view;
      const rest = Object.entries(view.storages).filter(([other]) => other !== id);
      return { ...view, storages: Object.fromEntries(rest) };
    }
    case 'function-registered':
    case 'function-deleted':
    case 'dag-registered':
    case 'dag-deleted':
      return view;
  }
}
