/**
 * Whether an attempt can go on although a worker is lost: its nodes there had all finished, and
 * what they handed on has arrived. The versions pinned there are gone, which only a read that needs
 * one has to notice (protocols.md 2.10).
 */
import {
  executorAddress,
  type ConsistencyLevel,
  type NodeId,
  type Schedule,
  type WorkerId,
} from '@stormglass/core';
import type { Ports } from '../ports/ports.ts';
import type { Invocation } from './invocation.ts';

/**
 * A cache that keeps the older version which was read keeps what depends on a newer one from being
 * forgotten; without it a later read could not tell that the two do not go together.
 */
const needsItsPins = (level: ConsistencyLevel): boolean => level === 'causal-cut';

export interface Remainder {
  /** The attempt's nodes that were placed on the lost worker. */
  readonly lost: readonly NodeId[];
  readonly schedule: Schedule;
}

/** What is left of the attempt without the worker; `undefined` when it has to start again. */
export const remainderWithout = (
  { plan, schedule, results, state, level }: Invocation,
  worker: WorkerId,
): Remainder | undefined => {
  if (state !== 'running' || needsItsPins(level)) return undefined;
  const lost = [...schedule].filter(([, place]) => place.worker === worker).map(([node]) => node);
  const isUnfinished = lost.some((node) => plan.sinks.includes(node) && !results.has(node));
  if (isUnfinished) return undefined;
  return { lost, schedule: new Map([...schedule].filter(([node]) => !lost.includes(node))) };
};

/**
 * Asks the executors that wait for something from the lost nodes; who misses something answers with
 * `scheduler.restart`.
 */
export const askForMissing = (
  { id, attempt, plan }: Invocation,
  { lost, schedule }: Remainder,
  { cause, ports }: { readonly cause: string; readonly ports: Ports },
): void => {
  const waiting = plan.dag.edges.flatMap(({ from, to }) => {
    const place = lost.includes(from) ? schedule.get(to) : undefined;
    return place === undefined ? [] : [place.executor];
  });
  for (const executor of new Set(waiting)) {
    ports.transport.send(executorAddress(executor), {
      type: 'executor.lost',
      invocation: id,
      attempt,
      nodes: [...lost],
      cause,
    });
  }
};
