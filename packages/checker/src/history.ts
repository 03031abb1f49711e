/**
 * A recorded history: what clients and functions asked, what they were answered, and what was left
 * when everything had come to rest (correctness.md 6.1). Everything that a checker may know.
 */

export const levels = [
  'lww',
  'repeatable-read',
  'single-key-causal',
  'multi-key-causal',
  'causal',
  'causal-cut',
] as const;

export type Level = (typeof levels)[number];

/** Writer → how many of its writes; absent is 0. */
export type Version = ReadonlyMap<string, number>;

/** `unknown`: it may or may not have happened (a time-out, a crash). */
export type Status = 'ok' | 'failed' | 'unknown';

export interface Dot {
  readonly writer: string;
  readonly count: number;
}

/** The order of an LWW store: by time, then by writer. */
export interface Stamp {
  readonly time: number;
  readonly writer: string;
}

/** What a write does to what its key holds. Only `put` and `delete` replace what they have seen. */
export type Effect =
  | { readonly kind: 'put' }
  | { readonly kind: 'delete' }
  | { readonly kind: 'counter'; readonly add: number }
  | { readonly kind: 'set'; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: 'map'; readonly fields?: ReadonlyMap<string, string> | undefined }
  | { readonly kind: 'max'; readonly value: number };

interface OfOperation {
  readonly key: string;
  /**
   * Writes: by default `ok` for a client, and what became of the attempt for a function. An own
   * status says more: `ok` in an abandoned attempt is a write that was flushed before.
   */
  readonly status?: Status | undefined;
  /** Any clock of the recorder; never used to order operations, only shown. */
  readonly atUs?: number | undefined;
}

export interface ReadOperation extends OfOperation {
  readonly kind: 'read';
  /**
   * The values of the writes that were returned: none when the key was absent, several when there
   * were siblings. Left out when only `state` is known.
   */
  readonly values?: readonly string[] | undefined;
  /** One of the siblings was returned, and others may stand beside it. */
  readonly isPick: boolean;
  /** Asked for together with the read before it: neither comes first. */
  readonly isTogether?: boolean | undefined;
  /** What a counter or a max read as. */
  readonly state?: number | undefined;
  /**
   * What user code was given of all this, as JSON texts: one or, where there was nothing, null; all
   * of them where it asked for siblings. Left out where `values` are what it was given.
   */
  readonly given?: string | null | readonly string[] | undefined;
  /** White box: the version that was returned. */
  readonly version?: Version | undefined;
  /** White box: where it was served from. */
  readonly source?: string | undefined;
  /** White box: the rule that decided. */
  readonly rule?: string | undefined;
}

export interface WriteOperation extends OfOperation {
  readonly kind: 'write';
  /** Names the write: no other write of the history has it, whatever the key. */
  readonly value: string;
  readonly effect: Effect;
  /** What was put, as a JSON text, where `value` only names it. */
  readonly text?: string | undefined;
  /** White box: of several siblings a plain get returns the one with the largest. */
  readonly rank?: Stamp | undefined;
  /** White box: which event of its writer this is. */
  readonly dot?: Dot | undefined;
  /** White box: what it has seen of its own key, and replaces. */
  readonly context?: Version | undefined;
  /** White box: other keys → what has to be there before this may be read. */
  readonly dependencies?: ReadonlyMap<string, Version> | undefined;
  readonly stamp?: Stamp | undefined;
}

export type Operation = ReadOperation | WriteOperation;

/** One function execution of one attempt of an invocation. */
export interface FunctionSession {
  readonly kind: 'function';
  readonly id: string;
  readonly invocation: string;
  readonly attempt: number;
  readonly node: string;
  /** White box: the cache that it read through. */
  readonly cache?: string | undefined;
  readonly operations: readonly Operation[];
}

/** What one client did directly with keys, one operation after the other. */
export interface ClientSession {
  readonly kind: 'client';
  readonly id: string;
  readonly level: Level;
  /** Whether what a client reads has to respect what it did before: it carries a token. */
  readonly isContinued: boolean;
  readonly operations: readonly Operation[];
}

export type Session = FunctionSession | ClientSession;

export interface Attempt {
  readonly number: number;
  readonly status: 'committed' | 'abandoned' | 'unknown';
}

export interface Answer {
  readonly status: 'ok' | 'failed';
  /** Of which attempt, where the answer says so. */
  readonly attempt?: number | undefined;
  /** The results as one text: the answer to a repeated question has to be the same. */
  readonly results?: string | undefined;
}

export interface Invocation {
  readonly id: string;
  readonly level: Level;
  /** The invocation whose session token it carries. */
  readonly continues?: string | undefined;
  /** Of the DAG, from the node that triggers to the one that is triggered. */
  readonly edges: readonly (readonly [from: string, to: string])[];
  readonly attempts: readonly Attempt[];
  /** How often a client asked for it, under one idempotency key. */
  readonly asked: number;
  readonly answers: readonly Answer[];
}

/** What a place holds for a key. */
export interface Held {
  readonly key: string;
  /** As in a read: the writes that it shows. */
  readonly values?: readonly string[] | undefined;
  readonly isPick: boolean;
  readonly state?: number | undefined;
  readonly version?: Version | undefined;
}

/** What one cache would have served at one moment. */
export interface CacheSnapshot {
  readonly cache: string;
  readonly atUs?: number | undefined;
  readonly entries: readonly CacheEntry[];
}

export interface CacheEntry {
  readonly key: string;
  readonly version: Version;
  readonly dependencies: ReadonlyMap<string, Version>;
}

/** What a storage node has, a cache serves, or a client reads, when everything is at rest. */
export interface RestingPlace {
  readonly place: string;
  /** A key that is absent here is listed with no values; one that is not listed was not looked at. */
  readonly held: readonly Held[];
}

/** What a place still keeps for invocations that are over; every count has to be 0. */
export interface Leftovers {
  readonly place: string;
  /** `pins`, `leases`, `staged`, `parked`, … */
  readonly counts: ReadonlyMap<string, number>;
}

export interface RecordedHistory {
  /**
   * The recording went on until all questions were answered and everything had come to rest.
   * Otherwise a missing answer or an invisible write is no violation.
   */
  readonly isComplete: boolean;
  /** Key → the value it had before everything; the others were absent. */
  readonly initial: ReadonlyMap<string, string>;
  readonly invocations: readonly Invocation[];
  readonly sessions: readonly Session[];
  readonly caches: readonly CacheSnapshot[];
  readonly atRest: readonly RestingPlace[];
  readonly leftovers: readonly Leftovers[];
}

export const EMPTY_HISTORY: RecordedHistory = {
  isComplete: false,
  initial: new Map(),
  invocations: [],
  sessions: [],
  caches: [],
  atRest: [],
  leftovers: [],
};
