/**
 * Histories in the short notation of the tables of correctness.md 6.9: `|` separates sessions, `w x1`
 * writes 1 to x, `r x1` reads it, `r x0` reads the initial absence; `[…]` is one run.
 */
import {
  EMPTY_HISTORY,
  type Attempt,
  type FunctionSession,
  type Invocation,
  type Level,
  type Operation,
  type RecordedHistory,
  type Session,
  type WriteOperation,
} from '../history.ts';

/** Values are unique in a history: the key and the number name a write. */
export function operation(text: string): Operation {
  const match = /^(?<kind>[wr]) (?<key>[a-z]+)(?<numbers>\d+(?:\/\d+)*)$/u.exec(text.trim());
  const { kind, key, numbers } = match?.groups ?? {};
  if (key === undefined || numbers === undefined) throw new Error(`'${text}' is no operation`);
  const values = numbers
    .split('/')
    .filter((number) => number !== '0')
    .map((number) => `${key}${number}`);
  if (kind === 'r') return { kind: 'read', key, values, isPick: values.length < 2 };
  return { kind: 'write', key, value: values[0] ?? '', effect: { kind: 'put' } };
}

export const operations = (text: string): readonly Operation[] =>
  text.split(',').map((one) => operation(one));

/** A read of all siblings. */
export const all = (text: string): Operation =>
  ({ ...operation(text), isPick: false }) as Operation;

export const remove = (key: string, value: string): WriteOperation => ({
  kind: 'write',
  key,
  value,
  effect: { kind: 'delete' },
});

/** Sessions of clients that respect what they did before. */
export function operationsHistory(text: string): RecordedHistory {
  const sessions = text.split('|').map((session, index): Session => ({
    kind: 'client',
    id: `s${index}`,
    level: 'causal',
    isContinued: true,
    operations: operations(session),
  }));
  return { ...EMPTY_HISTORY, sessions };
}

/** Runs of one function each; the runs of a session hand a token on. */
export function runsHistory(text: string, level: Level = 'causal'): RecordedHistory {
  const made: Run[] = [];
  for (const [session, runs] of text.split('|').entries()) {
    const found = [...runs.matchAll(/\[(?<operations>[^\]]*)\]/gu)];
    for (const [index, match] of found.entries()) {
      made.push({
        id: `s${session}.${index}`,
        level,
        nodes: { f: operations(match.groups?.['operations'] ?? '') },
        continues: index === 0 ? undefined : `s${session}.${index - 1}`,
      });
    }
  }
  return historyOf(made);
}

export interface Run {
  readonly id: string;
  readonly level: Level;
  /** Node → what it did; in a chain in this order unless there are edges. */
  readonly nodes: Readonly<Record<string, readonly Operation[]>>;
  readonly edges?: Invocation['edges'];
  readonly continues?: string | undefined;
  readonly status?: Attempt['status'];
  readonly attempt?: number;
}

export function historyOf(
  runs: readonly Run[],
  rest: Partial<Omit<RecordedHistory, 'invocations'>> = {},
): RecordedHistory {
  const invocations = new Map<string, Invocation>();
  const sessions: FunctionSession[] = [];
  for (const { id, level, nodes, edges, continues, status = 'committed', attempt = 1 } of runs) {
    const names = Object.keys(nodes);
    const chain = names.slice(1).map((to, index) => [names[index] ?? '', to] as const);
    const known = invocations.get(id);
    const isOver = status === 'committed' || status === 'unknown';
    invocations.set(id, {
      id,
      level,
      continues,
      edges: edges ?? chain,
      attempts: [...(known?.attempts ?? []), { number: attempt, status }],
      asked: 1,
      answers: [{ status: isOver ? 'ok' : 'failed' }],
    });
    for (const node of names) {
      sessions.push({
        kind: 'function',
        id: `${id}/${attempt}/${node}`,
        invocation: id,
        attempt,
        node,
        operations: nodes[node] ?? [],
      });
    }
  }
  const every = [...sessions, ...(rest.sessions ?? [])];
  return { ...EMPTY_HISTORY, ...rest, invocations: [...invocations.values()], sessions: every };
}
