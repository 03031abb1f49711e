/**
 * Generators of what can really happen to one key: writers that keep [CR4] and [LAT6], replicas
 * that lag, and every capsule that existed on the way. Arbitrary capsules would not do: the laws
 * hold for histories, not for noise.
 */
import * as fc from 'fast-check';
import { must } from '../assert.ts';
import { nextTimestamp } from '../clock/hybrid-clock.ts';
import type { VectorClock } from '../clock/vector-clock.ts';
import { applyMerge, type MergeStamp } from '../lattice/apply-merge.ts';
import type { Capsule, CapsuleKind, MergeOperand } from '../lattice/capsule.ts';
import { newestTimestamp } from '../lattice/capsule-view.ts';
import { deletion } from '../lattice/delete-capsule.ts';
import { isMismatch, joinCapsules } from '../lattice/join-capsules.ts';
import { registerOf } from '../lattice/register-capsule.ts';
import { registerWrite } from '../lattice/write-register.ts';

export const WRITERS = ['a', 'b', '__proto__'] as const;
const REPLICAS = 3;

/** Clocks over three writers with counts up to three, zeros included. */
export const clockArbitrary: fc.Arbitrary<VectorClock> = fc
  .array(fc.tuple(fc.constantFrom(...WRITERS), fc.nat(3)), { maxLength: 3 })
  .map((entries) => new Map(entries));

export type HistoryStep =
  | {
      readonly act: 'write';
      readonly writer: number;
      readonly replica: number;
      readonly level: 'lww' | 'causal';
      /** Whether the writer looks at the replica before it writes. */
      readonly blind: boolean;
      readonly remove: boolean;
      readonly value: number;
      readonly wallMs: number;
    }
  | { readonly act: 'gossip'; readonly from: number; readonly to: number };

const place = fc.nat(REPLICAS - 1);
const stepArbitrary: fc.Arbitrary<HistoryStep> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('write' as const),
      writer: fc.nat(WRITERS.length - 1),
      replica: place,
      level: fc.constantFrom('lww' as const, 'causal' as const),
      blind: fc.boolean(),
      remove: fc.nat(5).map((n) => n === 0),
      value: fc.nat(3),
      wallMs: fc.nat(2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('gossip' as const), from: place, to: place }),
  },
);

export const historyArbitrary: fc.Arbitrary<readonly HistoryStep[]> = fc.array(stepArbitrary, {
  minLength: 1,
  maxLength: 9,
});

export interface PublishedWrite {
  /** What the writer published. */
  readonly capsule: Capsule;
  /** What it looked at, nothing for a blind write. */
  readonly seen: Capsule | undefined;
}

export interface History {
  /** Every capsule that existed, in the order of appearance. */
  readonly capsules: readonly Capsule[];
  readonly published: readonly PublishedWrite[];
}

function join(a: Capsule, b: Capsule): Capsule {
  const joined = joinCapsules(a, b);
  if (isMismatch(joined)) throw new Error('one history holds one kind');
  return joined;
}

const joinAll = (capsules: readonly (Capsule | undefined)[]): Capsule | undefined =>
  capsules.reduce((a, b) => (a === undefined ? b : b === undefined ? a : join(a, b)), undefined);

/**
 * Plays the steps on three replicas of one key of `kind`.
 * @param keepsRule false makes writers break [CR4] and [LAT6]: they publish a write alone
 */
export function playHistory(
  kind: CapsuleKind,
  steps: readonly HistoryStep[],
  keepsRule = true,
): History {
  const replicas: (Capsule | undefined)[] = Array.from({ length: REPLICAS });
  const lastOf = new Map<string, Capsule>();
  const counts = new Map<string, number>();
  const clocks = new Map<string, number>();
  const capsules: Capsule[] = [];
  const published: PublishedWrite[] = [];
  for (const step of steps) {
    if (step.act === 'gossip') {
      const joined = joinAll([replicas[step.to], replicas[step.from]]);
      replicas[step.to] = joined;
      if (joined !== undefined) capsules.push(joined);
      continue;
    }
    const writer = must(WRITERS[step.writer], 'a writer');
    const seen = step.blind ? undefined : replicas[step.replica];
    const last = lastOf.get(writer);
    const known = Math.max(clocks.get(writer) ?? 0, seen === undefined ? 0 : newestTimestamp(seen));
    const timestamp = nextTimestamp(known, step.wallMs);
    clocks.set(writer, timestamp);
    const counter = (counts.get(writer) ?? 0) + 1;
    counts.set(writer, counter);
    // Every write has a past of its own, so that losing a dependency shows.
    const dependencies = new Map([['past', new Map([[writer, counter]])]]);
    const by = { writer, counter, timestamp, dependencies };
    const made = make(kind, step, seen, joinAll([seen, last]), by);
    const capsule = keepsRule && last !== undefined ? join(last, made) : made;
    lastOf.set(writer, capsule);
    published.push({ capsule, seen });
    replicas[step.replica] = joinAll([replicas[step.replica], capsule]);
    capsules.push(capsule, must(replicas[step.replica], 'the replica after a write'));
  }
  return { capsules, published };
}

type WriteStep = Extract<HistoryStep, { act: 'write' }>;

function make(
  kind: CapsuleKind,
  step: WriteStep,
  seen: Capsule | undefined,
  held: Capsule | undefined,
  by: MergeStamp,
): Capsule {
  if (kind === 'register') {
    const { level, remove, value } = step;
    const past = by.dependencies;
    const text = remove ? null : String(value);
    return registerOf(registerWrite({ ...by, level, value: text, seen, past, key: 'k' }));
  }
  if (step.remove && held !== undefined) return deletion(held, by);
  const merged = applyMerge(held, operandOf(kind, step.value), by);
  if (isMismatch(merged)) throw new Error('one history holds one kind');
  return merged;
}

function operandOf(kind: Exclude<CapsuleKind, 'register'>, value: number): MergeOperand {
  switch (kind) {
    case 'counter':
      return { kind, add: value - 1 };
    case 'set':
      return { kind, elements: [String(value)] };
    case 'map':
      return { kind, fields: [[value === 0 ? '__proto__' : `f${value % 2}`, String(value)]] };
    case 'max':
      return { kind, max: value };
  }
}
