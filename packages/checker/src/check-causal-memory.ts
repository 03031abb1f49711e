/**
 * Causal memory (correctness.md 6.4, CM): one ordering explains all reads of a session together, so
 * a session never changes its mind about concurrent writes. By saturation, session by session; for
 * histories of some thousand operations.
 */
import { checkCausal, isInitialRead, wholeEvidence } from './check-causal.ts';
import type { Evidence } from './evidence.ts';
import type { RecordedHistory } from './history.ts';
import type { Op } from './indexed-history.ts';
import { say, violation, type Violation } from './violation.ts';

export function checkCausalMemory(history: RecordedHistory): readonly Violation[] {
  const { cc } = checkCausal(history);
  if (cc.length > 0) return cc;
  const evidence = wholeEvidence(history);
  if (!('order' in evidence)) return evidence.violations;
  for (const { operations } of evidence.indexed.sessions) {
    const last = operations.findLast(({ isOut }) => !isOut);
    if (last === undefined) continue;
    const found = checkSession(evidence, last, operations);
    if (found !== undefined) return [found];
  }
  return [];
}

/** Rows of bits: what happened before each operation, as this session has to see it. */
class Before {
  readonly #words: number;
  readonly #bits: Uint32Array;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
    this.#words = Math.ceil(size / 32);
    this.#bits = new Uint32Array(size * this.#words);
  }

  has(one: number, before: number): boolean {
    const word = this.#bits[one * this.#words + (before >>> 5)] ?? 0;
    return (word & (1 << (before & 31))) !== 0;
  }

  set(one: number, before: number): void {
    const at = one * this.#words + (before >>> 5);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (before & 31));
  }

  /** `before`, and all before it, happened before `one` and all after it. */
  add(before: number, one: number): void {
    for (let row = 0; row < this.#size; row += 1) {
      if (row !== one && !this.has(row, one)) continue;
      for (let word = 0; word < this.#words; word += 1) {
        const at = row * this.#words + word;
        const more = this.#bits[before * this.#words + word] ?? 0;
        this.#bits[at] = (this.#bits[at] ?? 0) | more;
      }
      this.set(row, before);
    }
  }
}

function checkSession(
  { indexed, past }: Evidence,
  last: Op,
  session: readonly Op[],
): Violation | undefined {
  const known = indexed.operations.filter(({ id }) => id === last.id || past.includes(last.id, id));
  const place = new Map(known.map(({ id }, index) => [id, index]));
  const before = new Before(known.length);
  for (const [row, { id }] of known.entries()) {
    for (const [column, { id: other }] of known.entries()) {
      if (past.includes(id, other)) before.set(row, column);
    }
  }
  const picks = session.filter(isPick);
  const writes = known.filter(({ isWrite }) => isWrite);
  const at = (op: Op): number => place.get(op.id) ?? 0;
  let isStable = false;
  while (!isStable) {
    isStable = true;
    for (const read of picks) {
      const source = indexed.operations[read.sources[0] ?? -1];
      for (const write of writes) {
        if (write.key !== read.key || write === source) continue;
        if (!before.has(at(read), at(write))) continue;
        if (isInitialRead(indexed, read) || source === undefined) {
          const sentence = `${say(read)}, and its session has to put ${say(write)} before it`;
          return violation('session-init-read', sentence, [write, read]);
        }
        if (before.has(at(write), at(source))) {
          const sentence = `${say(read)}, and its session has to put ${say(write)} in between`;
          return violation('session-order', sentence, [source, write, read]);
        }
        if (before.has(at(source), at(write))) continue;
        before.add(at(write), at(source));
        isStable = false;
      }
    }
  }
  return undefined;
}

/** Sets of siblings keep what is concurrent: they leave nothing to arbitrate. */
function isPick({ operation, isOut, sources }: Op): boolean {
  return operation.kind === 'read' && !isOut && operation.isPick && sources.length < 2;
}
