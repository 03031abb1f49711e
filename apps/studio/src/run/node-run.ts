/**
 * What one invocation did at each node, read off its records: the same for a running one (from the
 * stream) and for an earlier one (from its trace). Pure; the newest attempt wins, earlier ones stay in
 * the events table.
 */
import type { EventRecord, NodeId } from '@stormglass/core';

export type RecordOf<K extends EventRecord['kind']> = Extract<EventRecord, { readonly kind: K }>;
export type ReadRecord = RecordOf<'cache.read'>;
export type WriteRecord = RecordOf<'cache.write'>;
export type TriggerRecord = RecordOf<'function.triggered'>;
export type LogRecord = RecordOf<'log'>;
export type OmittedRecord = RecordOf<'events.omitted'>;

export type NodeStatus = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';

export interface NodeError {
  /** The slug of the problem, such as `function-failed`. */
  readonly type: string;
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** 1-based position in the user's source. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export interface NodeRun {
  readonly node: NodeId;
  /** `skipped`: the invocation ended before this node's turn. */
  readonly status: NodeStatus;
  readonly attempt: number;
  /** Why there is more than one attempt. */
  readonly cause?: string | undefined;
  readonly function?: string | undefined;
  readonly worker?: string | undefined;
  readonly executor?: string | undefined;
  /** Microseconds since the cluster started. */
  readonly startedAt?: number | undefined;
  readonly durationUs?: number | undefined;
  /** Parameter → JSON text, cut by the server when long. */
  readonly arguments?: Readonly<Record<string, string>> | undefined;
  /** JSON text of what it returned, cut by the server when long. */
  readonly result?: string | undefined;
  readonly error?: NodeError | undefined;
  readonly reads: readonly ReadRecord[];
  readonly writes: readonly WriteRecord[];
  /** The run did not succeed: these of its writes are not kept. What it had flushed is. */
  readonly uncommitted?: ReadonlySet<ReadRecord | WriteRecord> | undefined;
  readonly logs: readonly LogRecord[];
  /** What it did beyond what is told of it. */
  readonly omitted?: OmittedRecord | undefined;
  /** The results that arrived here, in order of arrival. */
  readonly triggeredBy: readonly TriggerRecord[];
  /** The results that this node sent on. */
  readonly triggers: readonly TriggerRecord[];
  /** The last record that shaped this; equal means nothing changed. */
  readonly seq: number;
}

type Draft = { -readonly [K in keyof NodeRun]: NodeRun[K] } & {
  reads: ReadRecord[];
  writes: WriteRecord[];
  logs: LogRecord[];
  triggeredBy: TriggerRecord[];
  triggers: TriggerRecord[];
};

/** Records of one invocation in order of `seq`. A node without any record is not in the map. */
export function nodeRunsOf(records: readonly EventRecord[]): ReadonlyMap<NodeId, NodeRun> {
  let drafts = new Map<NodeId, Draft>();
  let attempt = 1;
  const merged: RecordOf<'storage.merged'>[] = [];

  const draftOf = (node: NodeId): Draft => {
    const known = drafts.get(node);
    if (known !== undefined) return known;
    const draft = emptyDraft(node, attempt);
    drafts.set(node, draft);
    return draft;
  };

  for (const record of records) {
    if (record.kind === 'invocation.started') {
      if (record.attempt < attempt) continue;
      attempt = record.attempt;
      drafts = new Map();
      for (const [node, place] of Object.entries(record.schedule)) {
        Object.assign(draftOf(node), place, { cause: record.cause, seq: record.seq });
      }
    } else if (record.kind === 'invocation.finished') {
      finish(drafts, record, merged);
    } else if (record.kind === 'storage.merged') {
      merged.push(record);
    } else if ('attempt' in record && record.attempt < attempt) {
      // A late record of an attempt that was given up.
      continue;
    } else if (record.kind === 'function.triggered') {
      const from = draftOf(record.from);
      from.triggers.push(record);
      from.seq = record.seq;
      const to = draftOf(record.to);
      to.triggeredBy.push(record);
      to.seq = record.seq;
    } else if ('node' in record && record.node !== undefined) {
      apply(draftOf(record.node), record);
    }
  }
  return drafts;
}

const emptyDraft = (node: NodeId, attempt: number): Draft => ({
  node,
  status: 'waiting',
  attempt,
  reads: [],
  writes: [],
  logs: [],
  triggeredBy: [],
  triggers: [],
  seq: 0,
});

function apply(draft: Draft, record: EventRecord): void {
  switch (record.kind) {
    case 'function.started':
      draft.status = 'running';
      draft.function = record.function;
      draft.startedAt = record.at;
      draft.worker = record.worker;
      draft.executor = record.executor ?? draft.executor;
      draft.arguments = record.arguments;
      break;
    case 'function.finished':
      draft.status = record.status;
      draft.function = record.function;
      draft.durationUs = record.durationUs;
      draft.worker = record.worker;
      draft.executor = record.executor ?? draft.executor;
      draft.result = record.result;
      draft.error = record.error;
      break;
    case 'cache.read':
      draft.reads.push(record);
      break;
    case 'cache.write':
      draft.writes.push(record);
      break;
    case 'log':
      draft.logs.push(record);
      break;
    case 'events.omitted':
      draft.omitted = record;
      break;
    default:
      return;
  }
  draft.seq = record.seq;
}

/** Storage joined this write, or a later one to the same key by the same writer, which follows from it. */
const isMerged = (write: WriteRecord, merged: readonly RecordOf<'storage.merged'>[]): boolean =>
  merged.some(
    ({ key, incoming }) =>
      key === write.key &&
      Object.entries(write.version).every(([writer, count]) => (incoming[writer] ?? 0) >= count),
  );

/**
 * No node runs on after its invocation failed; one that the problem names failed, even when it could
 * not say so.
 */
function finish(
  drafts: ReadonlyMap<NodeId, Draft>,
  record: RecordOf<'invocation.finished'>,
  merged: readonly RecordOf<'storage.merged'>[],
): void {
  const { error } = record;
  if (record.status === 'succeeded') return;
  for (const draft of drafts.values()) {
    draft.uncommitted = new Set(draft.writes.filter((write) => !isMerged(write, merged)));
    draft.seq = record.seq;
    if (draft.status !== 'running' && draft.status !== 'waiting') continue;
    if (error !== undefined && error.node === draft.node) {
      draft.status = 'failed';
      draft.error = { type: error.type, name: error.type, message: error.detail };
    } else if (draft.status === 'running') {
      draft.status = 'cancelled';
    } else {
      draft.status = 'skipped';
    }
    if (draft.startedAt !== undefined) draft.durationUs ??= record.at - draft.startedAt;
  }
}

/** Keeps the object of every node that did not change, so that only changed nodes draw again. */
export function reuseUnchanged(
  before: ReadonlyMap<NodeId, NodeRun>,
  after: ReadonlyMap<NodeId, NodeRun>,
): ReadonlyMap<NodeId, NodeRun> {
  let isSame = before.size === after.size;
  const next = new Map<NodeId, NodeRun>();
  for (const [node, run] of after) {
    const known = before.get(node);
    const kept =
      known !== undefined && known.seq === run.seq && known.attempt === run.attempt ? known : run;
    isSame &&= kept === known;
    next.set(node, kept);
  }
  return isSame ? before : next;
}

export interface OutcomeCounts {
  readonly hit: number;
  readonly miss: number;
  readonly upstream: number;
  readonly write: number;
}

/** In the order in which counts are told. */
export const outcomeKinds = ['hit', 'miss', 'upstream', 'write'] as const;

/** Over these nodes, of the newest attempt. */
export function outcomeCountsOf(nodes: Iterable<Pick<NodeRun, 'reads' | 'writes'>>): OutcomeCounts {
  const counts = { hit: 0, miss: 0, upstream: 0, write: 0 };
  for (const { reads, writes } of nodes) {
    for (const { outcome } of reads) counts[outcome] += 1;
    counts.write += writes.length;
  }
  return counts;
}
