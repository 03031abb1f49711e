/**
 * How an attempt begins and ends for executors and caches.
 */
import {
  cacheAddress,
  executorAddress,
  must,
  SCHEDULER,
  type CacheId,
  type Capsule,
  type ExecutorId,
  type FunctionDefinition,
  type Key,
  type MessageOf,
  type Session,
} from '@stormglass/core';
import type { Ports } from '../ports/ports.ts';
import type { Fleet } from './fleet.ts';
import { executorsOf, workersOf, type Invocation } from './invocation.ts';

/** Sends the schedule to every executor that takes part; sources start when it arrives. */
export const sendStart = (
  invocation: Invocation,
  session: Session,
  { fleet, ports }: { readonly fleet: Fleet; readonly ports: Ports },
): void => {
  const { plan, request, schedule } = invocation;
  const timeoutMs = Math.max(0, (invocation.deadlineUs - ports.clock.nowUs()) / 1_000);
  const messages = executorsOf(schedule).map((executor) => {
    const message: MessageOf<'executor.start'> = {
      type: 'executor.start',
      dag: plan.label,
      nodes: [...plan.dag.nodes],
      edges: [...plan.dag.edges],
      schedule,
      arguments: request.arguments,
      withoutCloud: [...plan.withoutCloud],
      definitions: [...unsentDefinitions(invocation, executor, fleet)],
      versions: new Map(plan.versions),
      session,
      timeoutMs,
      store: request.store,
      trace: request.trace,
    };
    return [executorAddress(executor), message] as const;
  });
  for (const [address, message] of messages) ports.transport.send(address, message);
};

/**
 * Before an attempt that follows a conflict: one version of each conflicting key is pinned on one
 * cache, and the session that knows them is what all sources start with (protocols.md 2.5).
 */
export const sendPin = (
  { schedule, seeds, request }: Invocation,
  session: Session,
  ports: Ports,
): void => {
  const [worker] = workersOf(schedule);
  ports.transport.send(cacheAddress(must(worker, 'a DAG has a node')), {
    type: 'cache.pin',
    // The answer is known by its session.
    request: 0,
    from: SCHEDULER,
    session,
    keys: [...seeds].toSorted(),
    trace: request.trace,
  });
};

const unsentDefinitions = (
  { plan, schedule }: Invocation,
  executor: ExecutorId,
  fleet: Fleet,
): readonly FunctionDefinition[] => {
  const belief = must(fleet.executor(executor), `${executor} was just chosen`);
  const unsent: FunctionDefinition[] = [];
  for (const { id, function: name } of plan.dag.nodes) {
    if (schedule.get(id)?.executor !== executor) continue;
    const definition = must(plan.definitions.get(name), `${name} is part of the plan`);
    fleet.warm(belief, name);
    const version = `${name}@${definition.version}`;
    if (belief.definitions.has(version)) continue;
    belief.definitions.add(version);
    unsent.push(definition);
  }
  return unsent;
};

export const sendCancel = (invocation: Invocation, ports: Ports): void => {
  for (const executor of executorsOf(invocation.schedule)) {
    ports.transport.send(executorAddress(executor), {
      type: 'executor.cancel',
      invocation: invocation.id,
      attempt: invocation.attempt,
    });
  }
};

/** Tells caches that writes are durable, and with `final` that the attempt is over. */
export const sendFinish = (
  invocation: Invocation,
  finish: {
    readonly caches: readonly CacheId[];
    readonly committed: Iterable<readonly [Key, Capsule]>;
    readonly final: boolean;
    /** Default the attempt that runs. */
    readonly attempt?: number | undefined;
    /** Something of the attempt may have been committed that is not among `committed`. */
    readonly isUncertain?: boolean | undefined;
  },
  ports: Ports,
): void => {
  const committed = [...finish.committed].map(([key, capsule]): [Key, Capsule] => [key, capsule]);
  for (const cache of finish.caches) {
    ports.transport.send(cacheAddress(cache), {
      type: 'cache.finish',
      invocation: invocation.id,
      attempt: finish.attempt ?? invocation.attempt,
      final: finish.final,
      isUncertain: finish.isUncertain ?? false,
      committed,
      trace: invocation.request.trace,
    });
  }
};
