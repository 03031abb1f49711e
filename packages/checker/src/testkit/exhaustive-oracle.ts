/**
 * The definitions themselves, tried out exhaustively on small histories: CC, CCv and CM over all
 * partial orders, RA and TCC over all commit orders (correctness.md 6.4, 6.5).
 */

export interface SmallOperation {
  readonly isWrite: boolean;
  readonly key: string;
  /** What it writes, or what it read; null is the initial value. */
  readonly value: string | null;
}

export interface SmallHistory {
  readonly operations: readonly SmallOperation[];
  /** Operation → bits of those that its session orders before it. */
  readonly so: readonly number[];
  /** Operation → bits of the operations that are one session with it, itself included. */
  readonly session: readonly number[];
}

const has = (bits: number, index: number): boolean => (bits & (1 << index)) !== 0;

const posets = new Map<number, readonly (readonly number[])[]>();

/** All strict partial orders of `size` elements, as the bits of what is before each. */
function partialOrders(size: number): readonly (readonly number[])[] {
  const known = posets.get(size);
  if (known !== undefined) return known;
  if (size === 0) return [[]];
  const found: number[][] = [];
  const last = size - 1;
  for (const smaller of partialOrders(last)) {
    for (let below = 0; below < 1 << last; below += 1) {
      if (!smaller.every((before, one) => !has(below, one) || (before & ~below) === 0)) continue;
      for (let above = 0; above < 1 << last; above += 1) {
        if ((above & below) !== 0) continue;
        const isClosed = smaller.every((before, one) => has(above, one) || (before & above) === 0);
        // What is below the new element has to be below all that is above it.
        const isLinked = smaller.every(
          (before, one) => !has(above, one) || (below & ~before) === 0,
        );
        if (!isClosed || !isLinked) continue;
        const order = smaller.map((before, one) =>
          has(above, one) ? before | (1 << last) : before,
        );
        found.push([...order, below]);
      }
    }
  }
  posets.set(size, found);
  return found;
}

/** Whether some order of `chosen` that respects `before` gives every read in `kept` its value. */
function isExplained(
  { operations }: SmallHistory,
  before: readonly number[],
  { chosen, kept }: { readonly chosen: number; readonly kept: number },
): boolean {
  const go = (left: number, state: ReadonlyMap<string, string | null>): boolean => {
    if (left === 0) return true;
    for (const [index, { isWrite, key, value }] of operations.entries()) {
      if (!has(left, index) || ((before[index] ?? 0) & left) !== 0) continue;
      if (!isWrite && has(kept, index) && (state.get(key) ?? null) !== value) continue;
      const next = isWrite ? new Map(state).set(key, value) : state;
      if (go(left & ~(1 << index), next)) return true;
    }
    return false;
  };
  return go(chosen, new Map());
}

function hasOrder(history: SmallHistory, suits: (before: readonly number[]) => boolean): boolean {
  return partialOrders(history.operations.length).some(
    (before) =>
      before.every((bits, one) => ((history.so[one] ?? 0) & ~bits) === 0) && suits(before),
  );
}

/** Each read is explained by some ordering of what is before it. */
export function isCausal(history: SmallHistory): boolean {
  return hasOrder(history, (before) =>
    before.every((bits, one) =>
      isExplained(history, before, { chosen: bits | (1 << one), kept: 1 << one }),
    ),
  );
}

/** For each operation, one ordering explains all earlier reads of its session together. */
export function isCausalMemory(history: SmallHistory): boolean {
  return hasOrder(history, (before) =>
    before.every((bits, one) => {
      const kept = ((history.so[one] ?? 0) & (history.session[one] ?? 0)) | (1 << one);
      return isExplained(history, before, { chosen: bits | (1 << one), kept });
    }),
  );
}

/** One total order of everything decides for everybody. */
export function isCausallyConvergent(history: SmallHistory): boolean {
  const { operations } = history;
  return hasOrder(history, (before) =>
    linearOrders(before, (1 << operations.length) - 1).some((order) =>
      operations.every(({ isWrite, key, value }, one) => {
        if (isWrite) return true;
        const last = order.findLast(
          (other) =>
            has(before[one] ?? 0, other) &&
            operations[other]?.isWrite === true &&
            operations[other].key === key,
        );
        return (last === undefined ? null : operations[last]?.value) === value;
      }),
    ),
  );
}

function linearOrders(before: readonly number[], left: number): readonly (readonly number[])[] {
  if (left === 0) return [[]];
  return before.flatMap((bits, one) => {
    if (!has(left, one) || (bits & left) !== 0) return [];
    return linearOrders(before, left & ~(1 << one)).map((rest) => [one, ...rest]);
  });
}

export interface SmallTransaction {
  readonly operations: readonly SmallOperation[];
  /** Bits of the transactions before it in its session. */
  readonly so: number;
}

/** Whether some commit order suits all reads, where visible is direct or at any distance. */
export function hasCommitOrder(
  transactions: readonly SmallTransaction[],
  isTransitive: boolean,
): boolean {
  const writes = transactions.map(({ operations }) => {
    const last = new Map<string, string | null>();
    for (const { isWrite, key, value } of operations) if (isWrite) last.set(key, value);
    return last;
  });
  const readFrom = transactions.map(({ operations }, reader) =>
    externalReads(operations).reduce((bits, { key, value }) => {
      const writer = writes.findIndex((last, one) => one !== reader && last.get(key) === value);
      return writer < 0 ? bits : bits | (1 << writer);
    }, 0),
  );
  const direct = transactions.map(({ so }, one) => so | (readFrom[one] ?? 0));
  const visible = isTransitive ? closure(direct) : direct;
  if (!transactions.every(({ operations }) => readsOwnWrites(operations))) return false;
  return linearOrders(direct, (1 << transactions.length) - 1).some((order) =>
    transactions.every(({ operations }, reader) =>
      externalReads(operations).every(({ key, value }) => {
        const last = order.findLast(
          (one) => has(visible[reader] ?? 0, one) && writes[one]?.has(key) === true,
        );
        return (last === undefined ? null : writes[last]?.get(key)) === value;
      }),
    ),
  );
}

function externalReads(operations: readonly SmallOperation[]): readonly SmallOperation[] {
  return operations.filter(
    ({ isWrite, key }, index) =>
      !isWrite && !operations.slice(0, index).some((other) => other.isWrite && other.key === key),
  );
}

function readsOwnWrites(operations: readonly SmallOperation[]): boolean {
  return operations.every(({ isWrite, key, value }, index) => {
    const own = operations.slice(0, index).findLast((other) => other.isWrite && other.key === key);
    return isWrite || own === undefined || own.value === value;
  });
}

function closure(direct: readonly number[]): readonly number[] {
  const all = [...direct];
  for (let round = 0; round < all.length; round += 1) {
    for (const [one, bits] of all.entries()) {
      all[one] = all.reduce(
        (joined, other, index) => (has(bits, index) ? joined | other : joined),
        bits,
      );
    }
  }
  return all;
}
