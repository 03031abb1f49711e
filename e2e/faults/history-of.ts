/**
 * A recorded run as the checkers read it. A value says which write it is and which call made it, so
 * a write of an attempt that was given up shows when anybody has read it.
 */
import { shapes, type Action, type Performed, type Seen, type Stored } from './perform.ts';
import type { Asked, AtRest, RecordedRun } from './record-run.ts';

/** The JSON form of the checkers' format; what is not said has its default there. */
export interface HistoryJson {
  readonly isComplete: boolean;
  readonly invocations: readonly unknown[];
  readonly sessions: readonly unknown[];
  readonly atRest: readonly unknown[];
}

/** Call, as in `<invocation label>.<node>`, of a write that it labels. */
const callOf = (write: string): string => write.slice(0, write.lastIndexOf('.'));

const isWrite = (action: Action): action is Extract<Action, { label: string }> =>
  action.do === 'put' || action.do === 'delete' || action.do === 'add';

/** Which attempt of a call each value comes from. */
class Calls {
  /** Call → the `cloud.id` whose writes count. */
  readonly #counted = new Map<string, string>();
  /** Call → further ids whose writes were seen. */
  readonly foreign = new Map<string, Set<string>>();

  count(call: string, by: string): void {
    this.#counted.set(call, by);
  }

  /** A name for the write that this value is. */
  nameOf({ write, by }: Stored): string {
    const call = callOf(write);
    const counted = this.#counted.get(call) ?? by;
    this.#counted.set(call, counted);
    if (counted === by) return write;
    const others = this.foreign.get(call) ?? new Set();
    this.foreign.set(call, others.add(by));
    return `${write} by ${by}`;
  }
}

function operationOf({ action, found, state }: Seen, calls: Calls): unknown {
  const { key } = action;
  if (isWrite(action)) return writeOf(action);
  if (action.do === 'count') {
    return { kind: 'read', key, ...(typeof state === 'number' ? { state } : { values: [] }) };
  }
  const names = (found ?? []).map((stored) => calls.nameOf(stored));
  return action.do === 'get'
    ? { kind: 'read', key, value: names[0] ?? null }
    : { kind: 'read', key, values: names };
}

const effects = {
  put: { kind: 'put' },
  delete: { kind: 'delete' },
  add: { kind: 'counter', add: 1 },
};

const writeOf = ({ do: operation, key, label }: Extract<Action, { label: string }>): unknown => ({
  kind: 'write',
  key,
  value: label,
  effect: effects[operation],
});

const ABANDONED = 100;

function sessionsOf(asked: Asked, calls: Calls): readonly unknown[] {
  const { outcome, label, plans } = asked;
  if (outcome.status === 'ok') {
    return outcome.performed.map(({ node, by, seen }) => ({
      id: by,
      invocation: label,
      attempt: outcome.attempts,
      node,
      operations: seen.map((entry) => operationOf(entry, calls)),
    }));
  }
  return Object.entries(plans).map(([node, plan]) => ({
    id: `${label}.${node}`,
    invocation: label,
    attempt: 1,
    node,
    operations: plan.filter(isWrite).map(writeOf),
  }));
}

/** What attempts that do not count wrote, as far as anybody has seen it. */
function foreignSessionsOf({ label, plans }: Asked, calls: Calls): readonly unknown[] {
  return Object.entries(plans).flatMap(([node, plan]) =>
    [...(calls.foreign.get(`${label}.${node}`) ?? [])].map((by) => ({
      id: by,
      invocation: label,
      attempt: ABANDONED,
      node,
      operations: plan
        .filter(isWrite)
        .filter(({ do: operation }) => operation === 'put')
        .map((action) => writeOf({ ...action, label: `${action.label} by ${by}` })),
    })),
  );
}

const attemptsOf = ({ outcome }: Asked, hasForeign: boolean): readonly unknown[] => [
  outcome.status === 'ok'
    ? { number: outcome.attempts, status: 'committed' }
    : { number: 1, status: outcome.status === 'failed' ? 'abandoned' : 'unknown' },
  ...(hasForeign ? [{ number: ABANDONED, status: 'abandoned' }] : []),
];

const answersOf = ({ outcome }: Asked): readonly unknown[] =>
  outcome.status === 'unknown'
    ? []
    : [
        {
          status: outcome.status,
          ...(outcome.status === 'ok' ? { attempt: outcome.attempts } : {}),
        },
      ];

const heldOf = (place: AtRest, calls: Calls): readonly unknown[] => [
  ...[...place.registers].map(([key, values]) => ({
    key,
    values: values.map((stored) => calls.nameOf(stored)),
  })),
  ...[...place.deleted].map((key) => ({ key, value: null })),
  ...[...place.counters].map(([key, state]) =>
    state === null ? { key, values: [] } : { key, state },
  ),
];

export function historyOf({ asked, atRest }: RecordedRun): HistoryJson {
  const calls = new Calls();
  for (const { label, outcome } of asked) {
    if (outcome.status !== 'ok') continue;
    const noteCall = ({ node, by }: Performed): void => calls.count(`${label}.${node}`, by);
    outcome.performed.forEach(noteCall);
  }
  const sessions = asked.flatMap((invocation) => sessionsOf(invocation, calls));
  const places = atRest.map((place) => ({ place: place.place, held: heldOf(place, calls) }));
  const foreign = asked.flatMap((invocation) => foreignSessionsOf(invocation, calls));
  return {
    isComplete: asked.every(({ outcome }) => outcome.status !== 'unknown'),
    invocations: asked.map((invocation) => ({
      id: invocation.label,
      level: invocation.level,
      ...(invocation.continues === undefined ? {} : { continues: invocation.continues }),
      edges: (shapes[invocation.shape]?.edges ?? []).map(({ from, to }) => [from, to]),
      attempts: attemptsOf(
        invocation,
        Object.keys(invocation.plans).some((node) =>
          calls.foreign.has(`${invocation.label}.${node}`),
        ),
      ),
      answers: answersOf(invocation),
    })),
    sessions: [...sessions, ...foreign],
    atRest: places,
  };
}
