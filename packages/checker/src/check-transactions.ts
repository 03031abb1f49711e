/**
 * Runs as transactions (correctness.md 6.5): read atomic, and transactional causal consistency.
 * Only reads of others' writes and last writes count. The orders that reads ask for are collected
 * once and never fed back into what is visible: that would be a stronger level.
 */
import type { RecordedHistory } from './history.ts';
import {
  indexHistory,
  isBefore,
  NO_ATTEMPT,
  type IndexedHistory,
  type Op,
} from './indexed-history.ts';
import { thinAirOf } from './check-causal.ts';
import { say, violation, type Violation } from './violation.ts';

export interface TransactionVerdict {
  readonly readAtomic: readonly Violation[];
  readonly transactionalCausal: readonly Violation[];
}

interface Transaction {
  readonly index: number;
  readonly operations: readonly Op[];
  /** Key → its last write. */
  readonly writes: Map<string, Op>;
  /** Reads of what others wrote. */
  readonly external: Op[];
  /** Transactions right before it in its session. */
  readonly sessionBefore: Set<number>;
}

export function checkTransactions(history: RecordedHistory): TransactionVerdict {
  const indexed = indexHistory(history, 'causal');
  const { transactions, transactionOf } = transactionsOf(indexed);
  const broken = [
    ...thinAirOf(indexed),
    ...transactions.flatMap((transaction) => insideProblems(indexed, transaction, transactionOf)),
  ];
  if (broken.length > 0) return { readAtomic: broken, transactionalCausal: broken };
  const sessionBefore = closureOf(transactions.map((one) => one.sessionBefore));
  const direct = transactions.map(({ index, external }) => {
    const before = new Set(sessionBefore[index]);
    for (const { sources } of external) {
      for (const source of sources) addTransaction(before, transactionOf.get(source));
    }
    return before;
  });
  const judge = (visible: readonly ReadonlySet<number>[]): readonly Violation[] =>
    judgeOrder({ transactions, transactionOf, direct, visible });
  return { readAtomic: judge(direct), transactionalCausal: judge(closureOf(direct)) };
}

function addTransaction(before: Set<number>, transaction: Transaction | undefined): void {
  if (transaction !== undefined) before.add(transaction.index);
}

type TransactionOf = ReadonlyMap<number, Transaction>;

/** An attempt that may have committed is one; so is each operation of a client. */
function transactionsOf(indexed: IndexedHistory): {
  readonly transactions: readonly Transaction[];
  readonly transactionOf: TransactionOf;
} {
  const transactions: Transaction[] = [];
  const transactionOf = new Map<number, Transaction>();
  const begin = (operations: readonly Op[]): Transaction => {
    const transaction: Transaction = {
      index: transactions.length,
      operations,
      writes: new Map(),
      external: [],
      sessionBefore: new Set(),
    };
    transactions.push(transaction);
    for (const op of operations) {
      transactionOf.set(op.id, transaction);
      if (op.isWrite) transaction.writes.set(op.key, op);
      else if (lastOwnWrite(indexed, operations, op) === undefined) transaction.external.push(op);
    }
    return transaction;
  };
  const ofInvocation = new Map<string, Transaction>();
  for (const { invocation, status, operations } of indexed.attempts) {
    if (status === 'abandoned') continue;
    ofInvocation.set(invocation.id, begin(operations));
  }
  for (const { id, continues } of indexed.invocations.values()) {
    const before = ofInvocation.get(continues ?? '');
    if (before !== undefined) ofInvocation.get(id)?.sessionBefore.add(before.index);
  }
  for (const { session, operations } of indexed.sessions) {
    if (session.kind === 'function') continue;
    let before: Transaction | undefined;
    for (const op of operations) {
      if (op.isOut) continue;
      const transaction = begin([op]);
      if (before !== undefined) transaction.sessionBefore.add(before.index);
      if (session.isContinued && op.status !== 'unknown') before = transaction;
    }
  }
  return { transactions, transactionOf };
}

function lastOwnWrite(
  indexed: IndexedHistory,
  operations: readonly Op[],
  read: Op,
): Op | undefined {
  if (read.attempt === NO_ATTEMPT) return undefined;
  return operations.findLast(
    (op) => op.isWrite && op.key === read.key && isBefore(indexed, op, read),
  );
}

/** An own write that is ignored, and a value that was gone before its transaction ended. */
function insideProblems(
  indexed: IndexedHistory,
  { operations, external }: Transaction,
  transactionOf: TransactionOf,
): readonly Violation[] {
  const found: Violation[] = [];
  for (const read of operations) {
    const own = read.isWrite ? undefined : lastOwnWrite(indexed, operations, read);
    if (own !== undefined && !read.sources.includes(own.id)) {
      found.push(violation('own-write-lost', `${say(read)} after ${say(own)}`, [own, read]));
    }
  }
  for (const read of external) {
    for (const source of read.sources) {
      const write = indexed.operations[source];
      const last = transactionOf.get(source)?.writes.get(read.key);
      if (write === undefined || last === undefined || last === write) continue;
      const sentence = `${say(read)}, and ${say(last)} before it was over`;
      found.push(violation('intermediate-read', sentence, [write, last, read]));
    }
  }
  return found;
}

function judgeOrder(of: {
  readonly transactions: readonly Transaction[];
  readonly transactionOf: TransactionOf;
  readonly direct: readonly ReadonlySet<number>[];
  readonly visible: readonly ReadonlySet<number>[];
}): readonly Violation[] {
  const { transactions, transactionOf, direct, visible } = of;
  const before = direct.map((one) => new Set(one));
  const writers = new Map<string, Transaction[]>();
  for (const transaction of transactions) {
    for (const key of transaction.writes.keys()) {
      const known = writers.get(key);
      if (known === undefined) writers.set(key, [transaction]);
      else known.push(transaction);
    }
  }
  for (const reader of transactions) {
    for (const read of reader.external) {
      // Several siblings ask for no order between their writers.
      if (read.sources.length > 1) continue;
      const writer = transactionOf.get(read.sources[0] ?? -1);
      for (const other of writers.get(read.key) ?? []) {
        if (other === writer || other === reader) continue;
        if (visible[reader.index]?.has(other.index) !== true) continue;
        if (writer !== undefined) {
          before[writer.index]?.add(other.index);
          continue;
        }
        const write = other.writes.get(read.key);
        const sentence = `${say(read)}, and its transaction sees ${write && say(write)}`;
        return [violation('fractured-read', sentence, write ? [write, read] : [read])];
      }
    }
  }
  const cycle = closureOf(before).findIndex((all, index) => all.has(index));
  const looped = transactions[cycle]?.operations;
  if (looped === undefined) return [];
  const sentence = `No order of the transactions suits all reads of ${looped.map(say).join(', ')}`;
  return [violation('commit-order', sentence, looped)];
}

/** Everything before each, at any distance. */
function closureOf(direct: readonly ReadonlySet<number>[]): readonly ReadonlySet<number>[] {
  return direct.map((first) => {
    const found = new Set<number>();
    const open = [...first];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      for (const before of direct[next] ?? []) if (!found.has(before)) open.push(before);
    }
    return found;
  });
}
