/**
 * A function has returned: its result goes to every node that waits for it, directly, or to the
 * scheduler from a sink.
 */
import {
  executorAddress,
  must,
  SCHEDULER,
  sessionForKeys,
  toVersionVector,
  toVersionVectors,
  type EncodedValue,
  type NodeId,
  type ProtocolStrategies,
  type Session,
} from '@stormglass/core';
import type { Ports } from '../ports/ports.ts';
import type { Call, Run } from './run.ts';

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
  const whole = strategies.sessionOfTrigger(call.session);
  const ofNode = { invocation, attempt, node };
  if (run.isSink(node)) {
    ports.transport.send(SCHEDULER, { type: 'scheduler.sink', ...ofNode, value, session: whole });
    return;
  }
  const targets = [...run.outgoing(node).keys()].map((target) => {
    const place = must(run.start.schedule.get(target), `${target} is placed`);
    const isHere = place.worker === call.worker;
    const session = isHere ? whole : sessionFor(run, { from: node, to: target }, whole);
    return { target, executor: place.executor, session };
  });
  if (targets.some(({ session }) => session !== whole)) {
    ports.transport.send(SCHEDULER, { type: 'scheduler.session', ...ofNode, session: whole });
  }
  // All events first: a trigger to a function beside this one starts it before `send` returns.
  if (run.trace && ports.events.isListening('function.triggered')) {
    for (const { target, session } of targets) tellTriggered(ports, call, target, session, value);
  }
  for (const { target, executor, session } of targets) {
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

const sessionFor = (
  run: Run,
  { from, to }: { readonly from: NodeId; readonly to: NodeId },
  whole: Session,
): Session => {
  if (whole.past.size === 0) return whole;
  const keys = run.keysReadAfter(from, to);
  return keys === undefined ? whole : sessionForKeys(whole, keys, from);
};

const tellTriggered = (
  ports: Ports,
  call: Call,
  target: NodeId,
  session: Session,
  value: EncodedValue | undefined,
): void => {
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
