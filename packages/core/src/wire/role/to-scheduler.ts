/**
 * What the scheduler is told by executors, caches, the supervisor of the workers, and the client role.
 */
import * as z from 'zod';
import { consistencyLevels } from '../../session/consistency-level.ts';
import { dag, functionDefinition } from '../value/dag.ts';
import { failure } from '../value/failure.ts';
import { restartReason } from '../value/restart-reason.ts';
import { session } from '../value/session.ts';
import { requestIdentity } from '../value/request-identity.ts';
import { argumentMap } from './to-executor.ts';

const ofAttempt = { invocation: z.string(), attempt: z.number(), node: z.string() };

/** A sink finished. */
export const schedulerSink = z.object({
  type: z.literal('scheduler.sink'),
  ...ofAttempt,
  value: z.string().optional(),
  session,
});

/**
 * A function finished whose triggers leave out part of its session (`handedIn`): the whole of it,
 * for the commit and the token. May arrive after the sinks are done, and more than once.
 */
export const schedulerSession = z.object({
  type: z.literal('scheduler.session'),
  ...ofAttempt,
  session,
});

/** A function failed: the invocation fails. `touched` are the caches that hold pins for the attempt. */
export const schedulerFailed = z.object({
  type: z.literal('scheduler.failed'),
  ...ofAttempt,
  failure,
  touched: z.array(z.string()),
});

/** The attempt cannot be completed consistently: run the DAG again. */
export const schedulerRestart = z.object({
  type: z.literal('scheduler.restart'),
  ...ofAttempt,
  reason: restartReason,
  touched: z.array(z.string()),
  /** The executor that lacks a definition: it has to be sent all of them again. */
  unknownTo: z.string().optional(),
});

/** `cloud.flush()`: commit what the session has written so far. Answered with `executor.flushed`. */
export const schedulerFlush = z.object({
  type: z.literal('scheduler.flush'),
  ...ofAttempt,
  from: z.string(),
  /** Counts the flushes of this function. Idempotent by (invocation, attempt, node, flush). */
  flush: z.number(),
  session,
});

/** Answers `executor.probe`. */
export const schedulerProgress = z.object({
  type: z.literal('scheduler.progress'),
  invocation: z.string(),
  attempt: z.number(),
  executor: z.string(),
  /** A function of the attempt runs here, or is about to. */
  isBusy: z.boolean(),
  /** Functions of the attempt that have finished here. */
  finished: z.number(),
});

/** A cache tells what it gained and lost since its last report. A hint, never a promise. */
export const schedulerReport = z.object({
  type: z.literal('scheduler.report'),
  worker: z.string(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
});

/** The supervisor has heard from a worker how busy its executors are: shares of time, 0 to 1. */
const schedulerUtilisation = z.object({
  type: z.literal('scheduler.utilisation'),
  executors: z.array(z.tuple([z.string(), z.number()])),
});

/** A worker runs user code, which may keep it from answering. */
const schedulerBusy = z.object({ type: z.literal('scheduler.busy'), worker: z.string() });

export const workerStatusMessage = z.object({
  type: z.literal('scheduler.worker'),
  worker: z.string(),
  executors: z.array(z.string()),
  status: z.enum(['joined', 'draining', 'lost']),
  /** Why it was lost, when a call brought it down: that call fails, the others run again. */
  culprit: z
    .object({ ...ofAttempt, type: z.enum(['timeout', 'memory-limit']), detail: z.string() })
    .optional(),
});

/** Register, replace or delete; answered with `registered`. */
export const schedulerRegister = z.object({
  type: z.literal('scheduler.register'),
  request: z.number(),
  from: z.string(),
  change: z.discriminatedUnion('what', [
    z.object({ what: z.literal('put-function'), definition: functionDefinition }),
    z.object({ what: z.literal('delete-function'), name: z.string() }),
    z.object({ what: z.literal('put-dag'), dag }),
    z.object({ what: z.literal('delete-dag'), name: z.string() }),
  ]),
});

export const invokeOptions = {
  consistency: z.enum(consistencyLevels).optional(),
  /** The client's token of an earlier session. */
  sessionToken: z.string().optional(),
  store: z.string().optional(),
  timeoutMs: z.number().optional(),
  trace: z.boolean(),
};

/** Run a DAG or a function; answered with `invoked`. */
export const schedulerInvoke = z.object({
  type: z.literal('scheduler.invoke'),
  request: z.number(),
  from: z.string(),
  invocation: z.string(),
  target: z.union([z.object({ dag: z.string() }), z.object({ function: z.string() })]),
  arguments: argumentMap,
  /** The answer is kept for it, durable with what the invocation writes. */
  identity: requestIdentity.optional(),
  ...invokeOptions,
});

export const schedulerCancel = z.object({
  type: z.literal('scheduler.cancel'),
  invocation: z.string(),
});

/**
 * A cache has kept something for these attempts for long. Answered with `cache.finish` for each that
 * is over, and `cache.renew` for the others.
 */
export const schedulerAttempts = z.object({
  type: z.literal('scheduler.attempts'),
  from: z.string(),
  attempts: z.array(z.object({ invocation: z.string(), attempt: z.number() })),
});

export const toScheduler = [
  schedulerAttempts,
  schedulerSink,
  schedulerSession,
  schedulerFailed,
  schedulerRestart,
  schedulerFlush,
  schedulerProgress,
  schedulerReport,
  schedulerUtilisation,
  schedulerBusy,
  workerStatusMessage,
  schedulerRegister,
  schedulerInvoke,
  schedulerCancel,
] as const;
