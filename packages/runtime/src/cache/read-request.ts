/**
 * One question to a cache while it is answered, and each read of it.
 */
import {
  sessionToGrow,
  toVersionVector,
  versionOf,
  type CacheId,
  type CapsuleOrAbsent,
  type Key,
  type MessageOf,
  type ReadDecision,
  type Session,
  type VectorClock,
} from '@stormglass/core';
import { ACCESSES_TOLD_MAX } from '../limits.ts';
import type { Cancel } from '../ports/timers.ts';

export type Served = Extract<ReadDecision, { act: 'serve' }>;
export type Decision<Act extends ReadDecision['act']> = Extract<ReadDecision, { act: Act }>;

/** One `cache.get` or `cache.pin` under way. */
export interface Request {
  readonly message: MessageOf<'cache.get' | 'cache.pin'>;
  readonly found: (CapsuleOrAbsent | undefined)[];
  readonly reads: readonly Read[];
  /** Whether each key is read when those before it have been. */
  readonly isInOrder: boolean;
  /** How many of its reads have begun, where they are in order. */
  begun: number;
  isReading: boolean;
  session: Session;
  /** It is a copy that grows with each read until it is answered. */
  hasOwnSession: boolean;
  waitingFor: number;
  isAnswered: boolean;
}

/** One key of a request. */
export interface Read {
  readonly request: Request;
  readonly index: number;
  readonly key: Key;
  readonly startedUs: number;
  upstream: CapsuleOrAbsent | 'unreachable' | undefined;
  upstreamFrom: CacheId | undefined;
  /** The upstream answers one by one. */
  readonly older: CapsuleOrAbsent[];
  storeAsked: boolean;
  /** What this cache held before it fetched anything for this read. */
  held: VectorClock | undefined;
  /** Whether it has asked storage or another cache, however often. */
  hasFetched: boolean;
  cancel: Cancel | undefined;
}

/** Of one request of very many keys only the first reads are told. */
export const isTold = ({ request, index }: Read): boolean =>
  request.message.trace && index < ACCESSES_TOLD_MAX;

/**
 * One copy of the session for all keys of the request, before the first is recorded. Not where
 * another protocol records: it may keep what it was given as it was.
 */
export function growOwnSession(request: Request): void {
  if (request.hasOwnSession || request.reads.length < 2) return;
  request.session = sessionToGrow(request.session);
  request.hasOwnSession = true;
}

export const outcomeOf = (read: Read, decision: Served): 'hit' | 'miss' | 'upstream' => {
  if (decision.source === 'upstream') return 'upstream';
  if (decision.source === 'store') return 'miss';
  return decision.source === 'local' && read.hasFetched ? 'miss' : 'hit';
};

export const versionVectorOf = (capsule: CapsuleOrAbsent): Readonly<Record<string, number>> =>
  capsule === 'absent' ? {} : toVersionVector(versionOf(capsule));
