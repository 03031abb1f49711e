/**
 * Every bound of the runtime, with its unit, and the relations between them.
 */
import { assert } from '@stormglass/core';

/** What a cache keeps before it evicts the least recently used keys. */
export const CACHE_BYTES_MAX = 256 * 1024 * 1024;
/** How long a read waits for the other caches that hold a version. */
export const UPSTREAM_TIMEOUT_MS = 500;
/** How long a read waits for storage before it answers `unavailable`. */
export const STORE_TIMEOUT_MS = 5_000;
/** A dependency that storage has not got yet is asked for again after this time at first, */
export const LAG_RETRY_MS_MIN = 5;
/** and after this time in the end. */
export const LAG_RETRY_MS_MAX = 500;
/** Keys that are to be pinned together are waited for this long; then each is taken as it comes. */
export const PIN_WAIT_MS = 500;
/** A requirement that storage does not meet yet is looked at again after this time. */
export const UNMET_RETRY_MS = 5;
/** How long a read waits for a requirement to be met before the attempt starts anew. */
export const UNMET_TIMEOUT_MS = 1_000;
/**
 * When a cache has kept pins and lanes for an attempt for this long, it asks the scheduler whether
 * the attempt still runs, and releases them when it is not answered for as long again.
 */
export const ATTEMPT_LEASE_MS = 60_000;
/** How often a cache looks for expired leases. */
export const LEASE_SWEEP_MS = 15_000;
/** A request between roles that is not answered is sent again after this time. */
export const REQUEST_RETRY_MS = 1_000;
/** How often a cache asks storage again while nobody new waits for the answer. */
export const REQUEST_RETRIES_MAX = STORE_TIMEOUT_MS / REQUEST_RETRY_MS;
/** How long the answer to a request with a client's key is kept. */
export const ANSWER_LIFE_MS = 24 * 60 * 60 * 1_000;
/** Answers that one storage node keeps; the oldest go first. */
export const ANSWERS_MAX = 100_000;
/** What they may take on the disk. */
export const ANSWER_BYTES_MAX = 512 * 1024 * 1024;
/** A cache tells the scheduler what it gained and lost at most this often. */
export const REPORT_INTERVAL_MS = 50;
/** Triggers that arrive before their schedule are kept this long. */
export const EARLY_TRIGGER_MS = 30_000;
/**
 * What the published versions that one writer has to remember may take; above that it gets no
 * further writes.
 */
export const LANE_BYTES_MAX = 16 * 1024 * 1024;
/**
 * Ended attempts that an executor and a cache remember, so that late triggers and answers start
 * nothing.
 */
export const ENDED_ATTEMPTS_MAX = 4_096;
/** How long a direct message is tried to be delivered, before the sender is told that it was not. */
export const RECEIPT_TIMEOUT_MS = 2_000;
/** How often it is sent meanwhile. */
export const MAIL_TRIES_MAX = 8;
/** It is sent again after this time. */
export const MAIL_RETRY_MS = RECEIPT_TIMEOUT_MS / MAIL_TRIES_MAX;
/**
 * Dependencies that the event of a write tells. The writes of a session that has met thousands of
 * keys have millions together, which nobody reads, and which would fill the memory of its worker.
 */
export const DEPENDENCIES_TOLD_MAX = 64;
/**
 * Reads, writes and messages of one call that its trace tells; the rest is counted. A function may
 * read some hundred thousand times in a second, and each event of it costs more than the read.
 */
export const ACCESSES_TOLD_MAX = 10_000;
/**
 * Dependencies that the writes of one session carry, all together: what a thousand puts have, one
 * after the other. Each is a few bytes in the worker, on the link, in the record and on the disk, and
 * whoever reads the values brings all of it.
 */
export const DEPENDENCIES_CARRIED_MAX = 500_000;
/** Messages that wait in the inbox of one running function. */
export const INBOX_MESSAGES_MAX = 10_000;
/** Calls that run or wait on one executor at a time. */
export const CALLS_PER_EXECUTOR_MAX = 256;
/** Invocations that the scheduler has in hand before it answers `overloaded`. */
export const INVOCATIONS_MAX = 2_000;
/** How often a DAG is run again before the invocation fails. */
export const ATTEMPTS_MAX = 6;
/**
 * How often more than that, once for each key that attempts read in versions that did not go
 * together: each of those attempts has one more key pinned beforehand.
 */
export const CONFLICTS_MAX = 10;
/**
 * An attempt for which nothing runs, and from which nothing arrives for this long, is run again. A
 * function may take as long as its own time-out lets it.
 */
export const ATTEMPT_TIMEOUT_MS_DEFAULT = 2_000;
/** A worker that did not answer gets nothing new for this long, if there is another one. */
export const SUSPICION_MS = 5_000;
/** A worker that said that it runs user code need not answer for this long. */
export const BUSY_BELIEVED_MS = 1_500;
/** How often an executor looks for runs that are past their deadline and were not cancelled. */
export const RUN_SWEEP_MS = 10_000;
/** How often workers tell how busy their executors are; twice that long it is believed. */
export const UTILISATION_PERIOD_MS = 1_000;
/** An executor that is busier than this gets nothing where there is another one. */
export const UTILISATION_MAX = 0.7;

/** An invocation without a time-out of its own or of its DAG. */
export const INVOCATION_TIMEOUT_MS_DEFAULT = 30_000;

/** How often caches tell storage nodes what they hold, and how long storage counts on them. */
export interface RegistrationPace {
  /** What changed is told, and dependencies are looked at, at most this often. */
  readonly intervalMs: number;
  /** A cache that has not registered for this long does not count on storage any more. */
  readonly leaseMs: number;
}

export const REGISTRATION_PACE: RegistrationPace = { intervalMs: 100, leaseMs: 30_000 };

/**
 * A cache believes in its registration for this share of the lease, from when it asked for it: it
 * stops before storage does, whatever the delay and the drift between their clocks.
 */
export const LEASE_SHARE_BELIEVED = 0.75;
/**
 * Attempt time-outs for which storage counts on a cache beyond its lease. One that stands still cannot
 * say that its lease is over; by then the scheduler has ended the attempts that read there.
 */
export const SILENT_ATTEMPT_TIMEOUTS = 2;
/** A cache that has nothing to tell registers again after this share of the lease. */
export const LEASE_SHARE_RENEWED = 0.25;

/** More requests than one incarnation of a role ever numbers. */
const REQUESTS_PER_INCARNATION = 2 ** 32;

/**
 * Where an incarnation of a role begins to number its requests, so that an answer to a request of an
 * earlier incarnation is never taken for one of its own.
 */
export const firstRequest = (incarnation: number): number => incarnation * REQUESTS_PER_INCARNATION;

assert(UNMET_RETRY_MS < UNMET_TIMEOUT_MS, 'A requirement is looked at more than once');
assert(UNMET_TIMEOUT_MS < INVOCATION_TIMEOUT_MS_DEFAULT, 'A restart leaves time for the attempt');
assert(LEASE_SHARE_RENEWED < LEASE_SHARE_BELIEVED / 2, 'A lost renewal is repeated in time');
