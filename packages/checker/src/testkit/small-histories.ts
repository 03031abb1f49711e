/** Random small histories, for the checkers and for the oracle alike. */
import fc from 'fast-check';
import { EMPTY_HISTORY, type Operation, type RecordedHistory, type Session } from '../history.ts';
import type { SmallHistory, SmallOperation, SmallTransaction } from './exhaustive-oracle.ts';

interface Drawn {
  readonly isWrite: boolean;
  readonly key: string;
  /** Which of the writes of its key a read returns; 0 is the initial value. */
  readonly pick: number;
  /** Its session, or node. */
  readonly place: number;
  readonly isUnknown: boolean;
}

const drawnOperation = fc.record({
  isWrite: fc.boolean(),
  key: fc.constantFrom('x', 'x', 'x', 'y'),
  pick: fc.nat({ max: 1_000 }),
  place: fc.nat({ max: 2 }),
  isUnknown: fc.constantFrom(false, false, false, false, true),
});

export interface SmallCase {
  readonly small: SmallHistory;
  readonly recorded: RecordedHistory;
}

/** Who triggers whom among three places; none for three clients. */
const shapes: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [],
  [],
  [
    [0, 1],
    [1, 2],
  ],
  [
    [0, 1],
    [0, 2],
  ],
  [
    [0, 2],
    [1, 2],
  ],
];

export function smallCases(sizeMax: number): fc.Arbitrary<SmallCase> {
  return fc
    .record({
      drawn: fc.array(drawnOperation, { minLength: sizeMax - 1, maxLength: sizeMax }),
      shape: fc.constantFrom(...shapes),
    })
    .map(({ drawn, shape }) => caseOf(drawn, shape));
}

function valuesOf(drawn: readonly Drawn[]): readonly (string | null)[] {
  return drawn.map(({ isWrite, key, pick }, index) => {
    if (isWrite) return `${key}${index + 1}`;
    const writes = drawn.flatMap((other, at) =>
      other.isWrite && other.key === key ? [`${key}${at + 1}`] : [],
    );
    return [...writes, ...writes, null][pick % (2 * writes.length + 1)] ?? null;
  });
}

function caseOf(drawn: readonly Drawn[], shape: (typeof shapes)[number]): SmallCase {
  const isRun = shape.length > 0;
  const values = valuesOf(drawn);
  const isUnknown = ({ isWrite, isUnknown: drawnSo }: Drawn): boolean =>
    !isRun && isWrite && drawnSo;
  const toOperation = (one: Drawn, index: number): Operation => {
    const value = values[index] ?? null;
    if (!one.isWrite) {
      return { kind: 'read', key: one.key, values: value === null ? [] : [value], isPick: true };
    }
    const status = isUnknown(one) ? ('unknown' as const) : undefined;
    return { kind: 'write', key: one.key, value: value ?? '', effect: { kind: 'put' }, status };
  };
  const sessions = [0, 1, 2].map((place): Session => {
    const operations = drawn.flatMap((one, index) =>
      one.place === place ? [toOperation(one, index)] : [],
    );
    return isRun
      ? {
          kind: 'function',
          id: `f${place}`,
          invocation: 'i',
          attempt: 1,
          node: `n${place}`,
          operations,
        }
      : { kind: 'client', id: `c${place}`, level: 'causal', isContinued: true, operations };
  });
  const recorded: RecordedHistory = { ...EMPTY_HISTORY, sessions };
  const edges = shape.map(([from, to]) => [`n${from}`, `n${to}`] as const);
  const invocations = [
    {
      id: 'i',
      level: 'causal',
      edges,
      attempts: [{ number: 1, status: 'committed' }],
      asked: 1,
      answers: [],
    },
  ] as const;
  return {
    recorded: isRun ? { ...recorded, invocations } : recorded,
    small: smallOf(drawn, { values, shape, isUnknown }),
  };
}

function smallOf(
  drawn: readonly Drawn[],
  of: {
    readonly values: readonly (string | null)[];
    readonly shape: (typeof shapes)[number];
    readonly isUnknown: (one: Drawn) => boolean;
  },
): SmallHistory {
  const { values, shape, isUnknown } = of;
  const isRead = (value: string | null | undefined): boolean =>
    drawn.some(({ isWrite }, index) => !isWrite && values[index] === value);
  /** An unknown write that nobody has read is as good as none. */
  const kept = drawn.flatMap((one, index) =>
    isUnknown(one) && !isRead(values[index]) ? [] : [{ one, value: values[index] ?? null }],
  );
  const ancestors = (place: number): readonly number[] =>
    shape.flatMap(([from, to]) => (to === place ? [from, ...ancestors(from)] : []));
  const bitsWhere = (suits: (other: (typeof kept)[number], at: number) => boolean): number =>
    kept.reduce((bits, other, at) => (suits(other, at) ? bits | (1 << at) : bits), 0);
  return {
    operations: kept.map(({ one, value }) => ({ isWrite: one.isWrite, key: one.key, value })),
    so: kept.map(({ one }, index) =>
      bitsWhere(
        ({ one: other }, at) =>
          !isUnknown(other) &&
          ((other.place === one.place && at < index) || ancestors(one.place).includes(other.place)),
      ),
    ),
    session: kept.map(({ one }) => bitsWhere(({ one: other }) => other.place === one.place)),
  };
}

export interface SmallRuns {
  readonly transactions: readonly SmallTransaction[];
  readonly recorded: RecordedHistory;
}

/** Up to five runs in up to three sessions. */
export const smallRuns: fc.Arbitrary<SmallRuns> = fc
  .array(
    fc.record({
      session: fc.nat({ max: 2 }),
      operations: fc.array(drawnOperation, { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 2, maxLength: 5 },
  )
  .map(runsOf);

function runsOf(
  drawn: readonly { readonly session: number; readonly operations: readonly Drawn[] }[],
): SmallRuns {
  const flat = drawn.flatMap(({ operations }) => operations);
  const values = valuesOf(flat);
  let next = 0;
  const runs = drawn.map(({ session, operations }) => ({
    session,
    operations: operations.map(({ isWrite, key }): SmallOperation => {
      const value = values[next] ?? null;
      next += 1;
      return { isWrite, key, value };
    }),
  }));
  const before = (run: (typeof runs)[number], index: number): number =>
    runs.findLastIndex((other, at) => at < index && other.session === run.session);
  const toOperation = ({ isWrite, key, value }: SmallOperation): Operation =>
    isWrite
      ? { kind: 'write', key, value: value ?? '', effect: { kind: 'put' } }
      : { kind: 'read', key, values: value === null ? [] : [value], isPick: true };
  return {
    transactions: runs.map(({ session, operations }, index) => ({
      operations,
      so: runs.reduce(
        (bits, other, at) => (at < index && other.session === session ? bits | (1 << at) : bits),
        0,
      ),
    })),
    recorded: {
      ...EMPTY_HISTORY,
      invocations: runs.map((run, index) => ({
        id: `i${index}`,
        level: 'causal',
        continues: before(run, index) < 0 ? undefined : `i${before(run, index)}`,
        edges: [],
        attempts: [{ number: 1, status: 'committed' }],
        asked: 1,
        answers: [],
      })),
      sessions: runs.map(({ operations }, index) => ({
        kind: 'function',
        id: `f${index}`,
        invocation: `i${index}`,
        attempt: 1,
        node: 'n',
        operations: operations.map(toOperation),
      })),
    },
  };
}
