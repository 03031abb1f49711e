/**
 * One event as a row of the events table: its shape, one sentence, and the key and version it is about.
 * Total over event kinds: a new kind does not compile until it can be told. Pure.
 */
import type { EventKind, EventRecord, VersionVector } from '@stormglass/core';
import { bytesText, countText, durationText } from './format-amount.ts';
import { levelWords } from './levels.ts';
import type { MarkKind } from './marks/mark-shapes.ts';
import type { NodeStatus, RecordOf } from './node-run.ts';
import {
  markOfRead,
  markOfWrite,
  operationWord,
  outcomeWord,
  sourceWords,
} from './read-outcome.ts';

export interface EventRow {
  readonly sentence: string;
  readonly mark?: MarkKind | undefined;
  readonly state?: NodeStatus | undefined;
  readonly node?: string | undefined;
  readonly key?: string | undefined;
  readonly version?: VersionVector | undefined;
  readonly before?: VersionVector | undefined;
}

/** `isUncommitted`: a write of a run that did not succeed, which is not kept. */
export function eventRowOf(record: EventRecord, isUncommitted = false): EventRow {
  const row = tell(record, record.kind);
  if (record.kind !== 'cache.write' || !isUncommitted) return row;
  return { ...row, mark: markOfWrite(record, true), sentence: `${row.sentence}, not committed` };
}

function tell<K extends EventKind>(record: RecordOf<K>, kind: K): EventRow {
  return tellers[kind](record);
}

const tellers: { readonly [K in EventKind]: (record: RecordOf<K>) => EventRow } = {
  'invocation.started': (record) => ({
    state: 'running',
    sentence:
      record.attempt === 1
        ? `Started: ${levelWords(record.consistency)}, ${placedWords(record.schedule)}`
        : `Attempt ${record.attempt}: ${record.cause ?? 'placed again'}`,
  }),
  'invocation.finished': (record) => ({
    state: record.status,
    sentence:
      record.error === undefined
        ? `${ending[record.status]} after ${durationText(record.durationUs)}`
        : `${ending[record.status]} after ${durationText(record.durationUs)}: ${record.error.detail}`,
  }),
  'function.started': (record) => ({
    state: 'running',
    node: record.node,
    sentence: `${record.function} starts on ${record.executor ?? record.worker}`,
  }),
  'function.finished': (record) => ({
    state: record.status,
    node: record.node,
    sentence:
      record.error === undefined
        ? `${record.function} ${ending[record.status].toLowerCase()} in ${durationText(record.durationUs)}`
        : `${record.error.name}: ${record.error.message}`,
  }),
  'function.triggered': (record) => ({
    node: record.from,
    sentence: `Result to ${record.to}: ${bytesText(record.bytes)}${luggageOf(record)}`,
  }),
  'cache.read': (record) => ({
    mark: markOfRead(record),
    node: record.node,
    key: record.key,
    version: record.version,
    sentence: `Read: ${readWords(record)}`,
  }),
  'cache.write': (record) => ({
    mark: markOfWrite(record),
    node: record.node,
    key: record.key,
    version: record.version,
    before: record.before,
    sentence: `${capital(operationWord[record.operation])}, ${bytesText(record.bytes)}`,
  }),
  'cache.update': (record) => ({
    mark: 'update',
    key: record.key,
    version: record.version,
    sentence: `Cache ${record.worker} was updated by ${record.from}`,
  }),
  'cache.evicted': (record) => ({
    mark: 'left',
    key: record.key,
    version: record.version,
    sentence: `Left the cache of ${record.worker}`,
  }),
  'cache.pinned': (record) => ({
    mark: 'pinned',
    key: record.key,
    version: record.version,
    sentence: `Pinned at ${record.worker} for this run`,
  }),
  'cache.released': (record) => ({
    mark: 'left',
    key: record.key,
    version: record.version,
    sentence: `Released at ${record.worker}`,
  }),
  'storage.merged': (record) => ({
    mark: record.relation === 'concurrent' ? 'siblings' : 'merge',
    key: record.key,
    version: record.after,
    before: record.before,
    sentence: `Storage ${record.storage}: ${relationWords[record.relation]}`,
  }),
  'storage.gossip': (record) => ({
    mark: 'update',
    sentence: `Storage ${record.from} told ${record.to} about ${countText(record.keys.length, 'key')}`,
  }),
  'message.sent': (record) => ({
    node: record.node,
    sentence: `Message to ${record.to}, ${bytesText(record.bytes)}`,
  }),
  'message.received': (record) => ({
    node: record.node,
    sentence: `Message from ${record.from}, ${bytesText(record.bytes)}`,
  }),
  log: (record) => ({ node: record.node, sentence: `${record.level}: ${record.text}` }),
  'events.omitted': (record) => ({ node: record.node, sentence: omittedWords(record) }),
  'cluster.changed': (record) => ({
    sentence: `${capital(record.change.replaceAll('-', ' '))}: ${record.id}`,
  }),
};

/** `Counted, but not told one by one: 12 reads and 1 write` */
export function omittedWords(
  record: Pick<RecordOf<'events.omitted'>, 'reads' | 'writes' | 'messages'>,
): string {
  const { reads, writes, messages } = record;
  const parts = [
    ...(reads > 0 ? [countText(reads, 'read')] : []),
    ...(writes > 0 ? [countText(writes, 'write')] : []),
    ...(messages > 0 ? [countText(messages, 'message')] : []),
  ];
  return `Counted, but not told one by one: ${parts.join(' and ')}`;
}

const ending = { succeeded: 'Succeeded', failed: 'Failed', cancelled: 'Cancelled' } as const;

const relationWords = {
  new: 'first version',
  dominates: 'newer, replaces what was there',
  dominated: 'older than what is there, nothing changes',
  equal: 'already there',
  concurrent: 'neither knows the other, both are kept',
} as const;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function luggageOf(record: RecordOf<'function.triggered'>): string {
  const reads = Object.keys(record.readSet).length;
  const dependencies = Object.keys(record.dependencies).length;
  const parts = [
    ...(reads > 0 ? [countText(reads, 'read')] : []),
    ...(dependencies > 0 ? [countText(dependencies, 'dependency', 'dependencies')] : []),
  ];
  return parts.length === 0 ? '' : `, session carries ${parts.join(' and ')}`;
}

const placedWords = (schedule: RecordOf<'invocation.started'>['schedule']): string =>
  `${countText(Object.keys(schedule).length, 'node')} placed`;

function readWords(record: RecordOf<'cache.read'>): string {
  const served = `${outcomeWord(record)} ${sourceWords(record)}`;
  const siblings = record.siblings > 1 ? `, ${countText(record.siblings, 'concurrent value')}` : '';
  return `${served}, ${durationText(record.durationUs)}${siblings}`;
}

/** Bookkeeping of the caches: true, seldom the question. */
const housekeeping: ReadonlySet<EventKind> = new Set<EventKind>([
  'cache.pinned',
  'cache.released',
  'cache.update',
  'cache.evicted',
  'storage.gossip',
]);

export const isHousekeeping = (record: EventRecord): boolean => housekeeping.has(record.kind);

/** `12 pins and releases`: what of the bookkeeping is left out. Empty when nothing is. */
export function housekeepingWords(records: readonly EventRecord[]): string {
  const left = records.filter(isHousekeeping);
  if (left.length === 0) return '';
  const areAllPins = left.every(({ kind }) => kind === 'cache.pinned' || kind === 'cache.released');
  return areAllPins
    ? countText(left.length, 'pin or release', 'pins and releases')
    : countText(left.length, 'cache event');
}

/** What a person filters by: kinds that answer one question together. */
export const eventGroups = {
  reads: ['cache.read'],
  writes: ['cache.write', 'storage.merged'],
  functions: ['function.started', 'function.finished', 'function.triggered'],
  caches: ['cache.update', 'cache.evicted', 'cache.pinned', 'cache.released', 'storage.gossip'],
  logs: ['log', 'message.sent', 'message.received'],
  run: ['invocation.started', 'invocation.finished', 'events.omitted', 'cluster.changed'],
} as const satisfies Readonly<Record<string, readonly EventKind[]>>;

export type EventGroup = keyof typeof eventGroups;

export const isInGroup = (record: EventRecord, group: EventGroup): boolean => {
  const kinds: readonly EventKind[] = eventGroups[group];
  return kinds.includes(record.kind);
};
