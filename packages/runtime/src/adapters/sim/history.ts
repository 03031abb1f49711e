/**
 * What happened in a simulation, in order: every read and write with its version, what every client
 * was answered, every crash. Two runs are the same when their histories have the same hash.
 */
import type {
  Capsule,
  CapsuleOrAbsent,
  ConsistencyLevel,
  FunctionName,
  InvocationId,
  Key,
  NodeId,
  RuntimeEvent,
  VersionVector,
  VersionVectors,
  WorkerId,
  WriteOperation,
} from '@stormglass/core';
import { hashOfPlainData } from './plain-data-hash.ts';

interface OfNode {
  readonly atUs: number;
  readonly invocation: InvocationId;
  readonly attempt: number;
  readonly node: NodeId;
  readonly worker: WorkerId;
}

export interface ReadEntry extends OfNode {
  readonly kind: 'read';
  readonly key: Key;
  readonly version: VersionVector;
  readonly outcome: string;
  readonly rule: string;
}

export interface WriteEntry extends OfNode {
  readonly kind: 'write';
  readonly key: Key;
  readonly version: VersionVector;
  readonly dependencies: VersionVectors;
}

export interface AttemptEntry {
  readonly kind: 'attempt';
  readonly atUs: number;
  readonly invocation: InvocationId;
  readonly attempt: number;
  readonly dag: string;
  readonly level: ConsistencyLevel;
  /** Node → worker. */
  readonly placement: Readonly<Record<NodeId, WorkerId>>;
}

/** What one function saw and asked, as its author would have logged it. */
export interface SeenEntry {
  readonly kind: 'seen';
  readonly atUs: number;
  /** `cloud.id` of the call. */
  readonly call: string;
  readonly operation: string;
  /** Of `get` and `siblings`. */
  readonly keys: readonly Key[];
  readonly values: readonly (string | undefined)[];
}

/** What a function was called with, in the order of its parameters. */
export interface CalledEntry {
  readonly kind: 'called';
  readonly atUs: number;
  /** `cloud.id` of the call. */
  readonly call: string;
  readonly function: FunctionName;
  readonly values: readonly (string | undefined)[];
}

/** An answer on its way to a client; a second one for an invocation would be a second entry. */
export interface AnswerEntry {
  readonly kind: 'answer';
  readonly atUs: number;
  readonly invocation: InvocationId;
  readonly attempts: number;
  readonly results: readonly (readonly [NodeId, string | undefined])[];
  /** The problem's slug. */
  readonly failure?: string | undefined;
}

/** A client wrote a key and was told so. */
export interface PutEntry {
  readonly kind: 'put';
  readonly atUs: number;
  readonly client: number;
  readonly key: Key;
  /** The version after the write. */
  readonly version: VersionVector;
  readonly failure?: string | undefined;
}

/**
 * A client never got an answer, because the server died or said nothing for a long time; what it
 * asked for may or may not have happened.
 */
export interface UnansweredEntry {
  readonly kind: 'unanswered';
  readonly atUs: number;
  readonly client: number;
  /** The invocation, or the key that was put, deleted or asked for. */
  readonly invocation?: InvocationId | undefined;
  readonly key?: Key | undefined;
  readonly why: 'server-lost' | 'silence';
}

/** What a client got for a key; `final` ones are read when everything has come to rest. */
export interface GetEntry {
  readonly kind: 'get' | 'final';
  readonly atUs: number;
  readonly client: number;
  readonly key: Key;
  readonly version: VersionVector;
  readonly value: string | undefined;
}

/** What a cache would serve to a newcomer when everything has come to rest. */
export interface ServedEntry {
  readonly kind: 'served';
  readonly atUs: number;
  readonly worker: WorkerId;
  readonly key: Key;
  readonly version: VersionVector;
}

/** What a worker still keeps for attempts, and runs, when everything has come to rest. */
export interface LeftoverEntry {
  readonly kind: 'leftover';
  readonly atUs: number;
  readonly worker: WorkerId;
  readonly pinned: number;
  readonly calls: number;
}

export interface AtBorder {
  readonly atUs: number;
  readonly invocation: InvocationId;
  readonly attempt: number;
  readonly node: NodeId;
}

/** What a function was given for a key. */
export interface GotEntry extends AtBorder {
  readonly kind: 'got';
  /** Asked for together with the entry before it. */
  readonly isTogether: boolean;
  readonly key: Key;
  readonly capsule: CapsuleOrAbsent;
}

/** What a function wrote, and what its session then has of the key. */
export interface WroteEntry extends AtBorder {
  readonly kind: 'wrote';
  readonly key: Key;
  readonly capsule: Capsule;
  readonly write: WriteOperation;
}

/** A node asked to commit what its session had written so far, or was told that this is done. */
export interface FlushEntry extends AtBorder {
  readonly kind: 'flush';
  readonly isDone: boolean;
}

/** A client's own write reached storage, which does not say that anybody was told. */
export interface SentEntry {
  readonly kind: 'sent';
  readonly atUs: number;
  readonly key: Key;
  readonly capsule: Capsule;
}

/** What a place has of a key when everything has come to rest. */
export interface HeldEntry {
  readonly kind: 'held';
  readonly atUs: number;
  readonly place: string;
  readonly key: Key;
  readonly capsule: CapsuleOrAbsent;
}

export interface FaultEntry {
  readonly kind: 'crash' | 'restart';
  readonly atUs: number;
  readonly machine: string;
}

export type HistoryEntry =
  | ReadEntry
  | WriteEntry
  | AttemptEntry
  | SeenEntry
  | CalledEntry
  | AnswerEntry
  | PutEntry
  | UnansweredEntry
  | GetEntry
  | ServedEntry
  | LeftoverEntry
  | GotEntry
  | WroteEntry
  | FlushEntry
  | SentEntry
  | HeldEntry
  | FaultEntry;

export type History = readonly HistoryEntry[];

/** What is at the border is what others say already: hashing it again would only take longer. */
const repeating: ReadonlySet<HistoryEntry['kind']> = new Set(['got', 'wrote', 'sent', 'held']);

/** 16 hexadecimal digits; equal histories have equal hashes on every machine. */
export const hashOfHistory = (history: History): string =>
  hashOfPlainData(history.filter(({ kind }) => !repeating.has(kind)));

/** What {@link entryOfEvent} makes entries of. */
export const recordedEvents: readonly RuntimeEvent['kind'][] = [
  'cache.read',
  'cache.write',
  'invocation.started',
];

/** The entry that an event becomes, where it says what a session read, wrote, or began. */
export function entryOfEvent(atUs: number, event: RuntimeEvent): HistoryEntry | undefined {
  switch (event.kind) {
    case 'cache.read': {
      const { invocation, attempt, node = '', worker, key, version, outcome, rule } = event;
      return { kind: 'read', atUs, invocation, attempt, node, worker, key, version, outcome, rule };
    }
    case 'cache.write': {
      const { invocation, attempt, node = '', worker, key, version, dependencies } = event;
      return { kind: 'write', atUs, invocation, attempt, node, worker, key, version, dependencies };
    }
    case 'invocation.started': {
      const { invocation, attempt, dag, consistency: level } = event;
      const placement = Object.fromEntries(
        Object.entries(event.schedule).map(([node, { worker }]) => [node, worker]),
      );
      return { kind: 'attempt', atUs, invocation, attempt, dag, level, placement };
    }
    default:
      return undefined;
  }
}
