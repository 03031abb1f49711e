/**
 * The laws of a lattice, checked over all pairs and triples of samples. Meant for tests, through the testkit.
 */
import type { Lattice } from './lattice.ts';

export type LatticeLaw =
  | 'idempotent'
  | 'commutative'
  | 'associative'
  | 'bottom'
  | 'order'
  | 'same-reference';

/**
 * The laws that the samples break, each once; equality is what `compare` calls `same`. Cubic in the
 * samples.
 */
export function lawViolations<T>(
  lattice: Lattice<T>,
  samples: readonly T[],
): readonly LatticeLaw[] {
  const { bottom, join, compare } = lattice;
  const isSame = (a: T, b: T): boolean => compare(a, b) === 'same';
  const broken = new Set<LatticeLaw>();
  const expect = (law: LatticeLaw, holds: boolean): void => {
    if (!holds) broken.add(law);
  };
  for (const a of samples) {
    expect('idempotent', isSame(join(a, a), a));
    expect('same-reference', join(a, a) === a);
    expect('bottom', isSame(join(bottom, a), a) && isSame(join(a, bottom), a));
    for (const b of samples) {
      const ab = join(a, b);
      const isBelow = isSame(ab, b);
      const isAbove = isSame(ab, a);
      expect('commutative', isSame(ab, join(b, a)));
      expect('same-reference', !isAbove || ab === a);
      expect('order', compare(a, b) === orderingFor(isBelow, isAbove));
      for (const c of samples) expect('associative', isSame(join(ab, c), join(a, join(b, c))));
    }
  }
  return [...broken];
}

function orderingFor(isBelow: boolean, isAbove: boolean) {
  if (isBelow) return isAbove ? 'same' : 'before';
  return isAbove ? 'after' : 'concurrent';
}
