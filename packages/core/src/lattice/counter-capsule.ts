/**
 * The counter: per writer the sums of its increments and of its decrements, joined by maximum.
 */
import type { CounterCapsule, CounterShare } from './capsule.ts';
import { type Lattice, orderOf } from './lattice.ts';
import { BOTTOM_METADATA, joinEntries, joinMerged } from './merged-metadata.ts';

export const NO_SHARE: CounterShare = { up: 0, down: 0 };

function joinShares(a: CounterShare, b: CounterShare): CounterShare {
  if (a.up >= b.up && a.down >= b.down) return a;
  return { up: Math.max(a.up, b.up), down: Math.max(a.down, b.down) };
}

function joinStates(a: CounterCapsule, b: CounterCapsule): CounterCapsule {
  const shares = joinEntries(a.shares, b.shares, joinShares);
  return shares === a.shares ? a : { ...a, shares };
}

export const joinCounters = (a: CounterCapsule, b: CounterCapsule): CounterCapsule =>
  joinMerged(a, b, joinStates, (state, metadata) => ({ ...state, ...metadata }));

export const counterLattice: Lattice<CounterCapsule> = {
  bottom: { kind: 'counter', ...BOTTOM_METADATA, shares: new Map() },
  join: joinCounters,
  compare: (a, b) => orderOf(joinCounters, a, b),
};

export function counterTotal(capsule: CounterCapsule): number {
  let total = 0;
  for (const share of capsule.shares.values()) total += share.up - share.down;
  return total;
}

/** The share after one more operand. A number below zero counts as a decrement. */
export const addToShare = (share: CounterShare, add: number): CounterShare =>
  add >= 0 ? { ...share, up: share.up + add } : { ...share, down: share.down - add };
