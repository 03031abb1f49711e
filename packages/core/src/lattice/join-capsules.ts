/**
 * The join of any two capsules of one key, their order, and what an incoming capsule meant to a replica.
 */
import { compareClocks, type Ordering } from '../clock/vector-clock.ts';
import { versionOf } from './capsule-view.ts';
import type { Capsule, CapsuleKind } from './capsule.ts';
import { joinCounters } from './counter-capsule.ts';
import { joinMaps } from './map-capsule.ts';
import { joinMaxima } from './max-capsule.ts';
import { joinRegisters } from './register-capsule.ts';
import { joinSets } from './set-capsule.ts';

/**
 * The key holds one kind of lattice, the offered value is of another; nothing was changed
 * (`lattice-mismatch`).
 */
export interface LatticeMismatch {
  readonly mismatch: { readonly held: CapsuleKind; readonly offered: CapsuleKind };
}

export const isMismatch = (value: Capsule | LatticeMismatch): value is LatticeMismatch =>
  'mismatch' in value;

/** `a` itself, the same reference, when `b` adds nothing. */
export function joinCapsules(a: Capsule, b: Capsule): Capsule | LatticeMismatch {
  if (a.kind === 'register' && b.kind === 'register') return joinRegisters(a, b);
  if (a.kind === 'counter' && b.kind === 'counter') return joinCounters(a, b);
  if (a.kind === 'set' && b.kind === 'set') return joinSets(a, b);
  if (a.kind === 'map' && b.kind === 'map') return joinMaps(a, b);
  if (a.kind === 'max' && b.kind === 'max') return joinMaxima(a, b);
  return { mismatch: { held: a.kind, offered: b.kind } };
}

/** The order of the lattice, finer than the order of versions. Capsules of two kinds are concurrent. */
export function compareCapsules(a: Capsule, b: Capsule): Ordering {
  const aAbsorbsB = joinCapsules(a, b) === a;
  const bAbsorbsA = joinCapsules(b, a) === b;
  if (aAbsorbsB) return bAbsorbsA ? 'same' : 'after';
  return bAbsorbsA ? 'before' : 'concurrent';
}

export type MergeRelation = 'new' | 'dominates' | 'dominated' | 'equal' | 'concurrent';

const RELATION: Readonly<Record<Ordering, MergeRelation>> = {
  same: 'equal',
  after: 'dominated',
  before: 'dominates',
  concurrent: 'concurrent',
};

/**
 * What `incoming` was to `before`, for `storage.merged`, by their versions: a write that arrives
 * once more, with dependencies that were forgotten meanwhile, is nothing new.
 */
export function relationOf(before: Capsule | undefined, incoming: Capsule): MergeRelation {
  if (before === undefined) return 'new';
  return RELATION[compareClocks(versionOf(before), versionOf(incoming))];
}
