/**
 * What executors are told.
 */
import * as z from 'zod';
import { capsuleOrAbsent } from '../value/capsule.ts';
import { dagEdge, dagNode, functionDefinition, schedule } from '../value/dag.ts';
import { failure } from '../value/failure.ts';
import { restartReason } from '../value/restart-reason.ts';
import { session } from '../value/session.ts';

/** A literal as JSON text, or the key that it is read from. */
export const argument = z.union([z.object({ value: z.string() }), z.object({ ref: z.string() })]);
export type Argument = z.infer<typeof argument>;

/** Node → parameter → argument. */
export const argumentMap = z.map(z.string(), z.map(z.string(), argument));
export type ArgumentMap = z.infer<typeof argumentMap>;

/**
 * One attempt, sent once to every executor that takes part: the whole schedule, so functions
 * trigger each other without asking anybody. Source nodes placed on the addressee start at once.
 */
export const executorStart = z.object({
  type: z.literal('executor.start'),
  dag: z.string(),
  nodes: z.array(dagNode),
  edges: z.array(dagEdge),
  schedule,
  arguments: argumentMap,
  /** Nodes whose functions are not given `cloud`: they read what their arguments name. */
  withoutCloud: z.array(z.string()),
  /** Definitions that this executor has not been sent before, in the version to run. */
  definitions: z.array(functionDefinition),
  /** Function → version, for every node placed on the addressee. */
  versions: z.map(z.string(), z.number()),
  session,
  /** Milliseconds that the attempt has left. */
  timeoutMs: z.number(),
  /** The key that the only sink's value is also written to. */
  store: z.string().optional(),
  trace: z.boolean(),
});

/**
 * An upstream result. May arrive before `executor.start`, and more than once. Its session may leave
 * out what nothing downstream can need: see `scheduler.session`.
 */
export const executorTrigger = z.object({
  type: z.literal('executor.trigger'),
  invocation: z.string(),
  attempt: z.number(),
  from: z.string(),
  to: z.string(),
  /** JSON text; absent when the function returned nothing. */
  value: z.string().optional(),
  session,
});

/** The attempt is over: stop what still runs, forget the rest. */
export const executorCancel = z.object({
  type: z.literal('executor.cancel'),
  invocation: z.string(),
  attempt: z.number(),
});

/**
 * A worker that ran these nodes of the attempt is lost. Who waits for something that they have not
 * handed on sends `scheduler.restart`; to everybody else nothing has happened.
 */
export const executorLost = z.object({
  type: z.literal('executor.lost'),
  invocation: z.string(),
  attempt: z.number(),
  nodes: z.array(z.string()),
  cause: z.string(),
});

/** The cache's answer to `cache.get` and `cache.pin`, in the order of the keys. */
export const cacheGot = z.object({
  type: z.literal('cache.got'),
  request: z.number(),
  found: z.array(capsuleOrAbsent),
  session,
  /** Instead of values: the attempt has to start anew, or the key cannot be reached. */
  failure: failure.optional(),
  restart: restartReason.optional(),
});

/** The cache's answer to `cache.write`. */
export const cacheWrote = z.object({
  type: z.literal('cache.wrote'),
  request: z.number(),
  session,
  failure: failure.optional(),
});

/**
 * A direct message for a running function. May come more than once, and before earlier ones.
 * Answered with `executor.receipt` when it and those before it are there.
 */
export const executorDeliver = z.object({
  type: z.literal('executor.deliver'),
  request: z.number(),
  from: z.string(),
  /**
   * Addresses of running functions, as `cloud.id` gives them:
   * `executor/<id>#<invocation>.<attempt>.<node>`.
   */
  sender: z.string(),
  recipient: z.string(),
  /** Counts the messages of this sender to this recipient, from 1. */
  sequence: z.number(),
  /** The sender waits for an answer to this one, and to those before it, no longer. */
  settled: z.number(),
  message: z.string(),
  /** The storage node that forwards it; the receipt goes the same way. */
  by: z.string().optional(),
});

export const executorReceipt = z.object({
  type: z.literal('executor.receipt'),
  request: z.number(),
  /** False: the recipient has finished, or never was. */
  delivered: z.boolean(),
});

/** The scheduler's answer to `scheduler.flush`. */
export const executorFlushed = z.object({
  type: z.literal('executor.flushed'),
  invocation: z.string(),
  attempt: z.number(),
  node: z.string(),
  flush: z.number(),
  failure: failure.optional(),
});

/** What runs of this attempt? Answered with `scheduler.progress`. */
export const executorProbe = z.object({
  type: z.literal('executor.probe'),
  invocation: z.string(),
  attempt: z.number(),
});

export const toExecutor = [
  executorStart,
  executorTrigger,
  executorCancel,
  executorLost,
  cacheGot,
  cacheWrote,
  executorDeliver,
  executorReceipt,
  executorFlushed,
  executorProbe,
] as const;
