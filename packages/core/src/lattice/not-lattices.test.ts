// Published joins that are no lattices, and the law that each breaks. They stay here so that nobody
// brings them back.
import { expect, test } from 'vitest';
import { compareClocks, joinClocks, type VectorClock } from '../clock/vector-clock.ts';
import { lawViolations } from '../testkit/index.ts';
import type { Lattice } from './lattice.ts';

interface Stamped {
  readonly timestamp: number;
  readonly value: string;
}

const incomingWins: Lattice<Stamped> = {
  bottom: { timestamp: -1, value: '' },
  join: (held, incoming) => (incoming.timestamp >= held.timestamp ? incoming : held),
  compare: (a, b) =>
    a.timestamp === b.timestamp && a.value === b.value
      ? 'same'
      : a.timestamp < b.timestamp
        ? 'before'
        : a.timestamp > b.timestamp
          ? 'after'
          : 'concurrent',
};

test('[LWW2] "the incoming value wins a tie" is not commutative', () => {
  const samples = [
    { timestamp: 100, value: 'x' },
    { timestamp: 100, value: 'y' },
  ];
  expect(lawViolations(incomingWins, samples)).toContain('commutative');
});

interface PublishedCausalValue {
  readonly clock: VectorClock;
  readonly payloads: ReadonlySet<string>;
}

/** Anna ICDE'18 VI.C and HydroCache Definition 1: one clock for a set of payloads. */
const publishedCausalValue: Lattice<PublishedCausalValue> = {
  bottom: { clock: new Map(), payloads: new Set() },
  join: (a, b) => {
    const order = compareClocks(a.clock, b.clock);
    if (order === 'before') return b;
    if (order !== 'concurrent') return a;
    return { clock: joinClocks(a.clock, b.clock), payloads: a.payloads.union(b.payloads) };
  },
  compare: (a, b) => {
    const order = compareClocks(a.clock, b.clock);
    const hasSame = a.payloads.symmetricDifference(b.payloads).size === 0;
    return order === 'same' && !hasSame ? 'concurrent' : order;
  },
};

const v1 = { clock: new Map([['a', 1]]), payloads: new Set(['x']) };
const v2 = { clock: new Map([['b', 1]]), payloads: new Set(['y']) };
const v3 = { clock: new Map([['a', 2]]), payloads: new Set(['z']) };

test('[CR2] one clock over a set of payloads is not associative (T3)', () => {
  expect(lawViolations(publishedCausalValue, [v1, v2, v3])).toContain('associative');
});

test('[CR2] in two orders of arrival the published join brings an overwritten value back (T3)', () => {
  const { join } = publishedCausalValue;
  expect(join(join(v1, v2), v3).payloads).toEqual(new Set(['x', 'y', 'z']));
  expect(join(join(v2, v1), v3).payloads).toEqual(new Set(['x', 'y', 'z']));
  expect(join(join(v1, v3), v2).payloads).toEqual(new Set(['y', 'z']));
});
