/**
 * A function has returned: its result goes to every node that waits for it, directly, or to the
 * scheduler from a sink.
 */
import {
  executorAddress,
  must,
  SCHEDULER,
  toVersionVector,
  toVersionVectors,
  type EncodedValue,
  type NodeId,
  type ProtocolStrategies,
  type Session,
} from '@stormglass/core';
import type { Ports } from '../ports/ports.ts';
import type { Call } from './run.ts';

export const triggerNext = ({
  ports,
  strategies,
  call,
  value,
}: {
  readonly ports: Ports;
  readonly strategies: ProtocolStrategies;
  readonly call: Call;
  readonly value: EncodedValue | undefined;
}): void => {
  const { run, node } = call;
  const { invocation, attempt } = run;
  const session = strategies.sessionOfTrigger(call.session);
  if (run.isSink(node)) {
    ports.transport.send(SCHEDULER, {
      type: 'scheduler.sink',
      invocation,
      attempt,
      node,
      value,
      session,
    });
    return;
  }
  // All events first: a trigger to a function beside this one starts it before `send` returns.
  const targets = [...run.outgoing(node).keys()];
  if (run.trace) for (const target of targets) tellTriggered(ports, call, target, value);
  for (const target of targets) {
    const { executor } = must(run.start.schedule.get(target), `${target} is placed`);
    ports.transport.send(executorAddress(executor), {
      type: 'executor.trigger',
      invocation,
      attempt,
      from: node,
      to: target,
      value,
      session,
    });
  }
};

const tellTriggered = (
  ports: Ports,
  call: Call,
  target: NodeId,
  value: EncodedValue | undefined,
): void => {
  const { session } = call;
  const readSet = [...session.reads].map(
    ([key, { version, holders }]) =>
      [key, { version: toVersionVector(version), cache: holders[0] ?? call.worker }] as const,
  );
  const bounds = new Map([...session.bounds].map(([key, { clock }]) => [key, clock]));
  ports.events.emit({
    kind: 'function.triggered',
    invocation: call.run.invocation,
    attempt: call.run.attempt,
    worker: call.worker,
    executor: call.executor,
    from: call.node,
    to: target,
    bytes: (value?.length ?? 0) + metadataBytes(session),
    readSet: Object.fromEntries(readSet),
    dependencies: toVersionVectors(bounds),
  });
};

/** What the session costs on the wire, approximately: names as they are, 9 bytes a count. */
const metadataBytes = (session: Session): number => {
  let bytes = 0;
  for (const [key, { version }] of session.reads) bytes += key.length + 9 * version.size;
  for (const [key, { clock }] of session.bounds) bytes += key.length + 9 * clock.size;
  return bytes;
};
