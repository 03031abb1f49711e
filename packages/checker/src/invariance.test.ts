// What must not change a verdict, and what may only make it worse (correctness.md 6.10).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCausal } from './check-causal.ts';
import { checkCausalMemory } from './check-causal-memory.ts';
import { checkHistory } from './check-history.ts';
import type { Operation, RecordedHistory, Session } from './history.ts';
import { causalRecord } from './testkit/causal-record.ts';
import { smallCases } from './testkit/small-histories.ts';

const verdictOf = (history: RecordedHistory): string => {
  const { cc, ccv } = checkCausal(history);
  const cm = checkCausalMemory(history);
  const promises = checkHistory(history).map((one) => one.class);
  return JSON.stringify([cc.length > 0, ccv.length > 0, cm.length > 0, promises.toSorted()]);
};

function mapOperations(
  history: RecordedHistory,
  map: (one: Operation) => Operation,
): RecordedHistory {
  const sessions = history.sessions.map((session) => ({
    ...session,
    operations: session.operations.map((one) => map(one)),
  }));
  return { ...history, sessions };
}

describe('small histories', () => {
  test('[CT1] other names for keys, sessions and values', () => {
    const renamed = (one: Operation): Operation => {
      const key = one.key === 'x' ? '__proto__' : 'constructor';
      return one.kind === 'write'
        ? { ...one, key, value: `of ${one.value}` }
        : { ...one, key, values: one.values?.map((value) => `of ${value}`) };
    };
    fc.assert(
      fc.property(smallCases(7), ({ recorded }) => {
        const other = mapOperations(recorded, renamed);
        const named = other.sessions.map((session) => ({ ...session, id: `the ${session.id}` }));
        expect(verdictOf({ ...other, sessions: named })).toBe(verdictOf(recorded));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('[CT2] without a session whose writes nobody read, a good history stays good', () => {
    fc.assert(
      fc.property(smallCases(7), fc.nat({ max: 2 }), ({ recorded }, at) => {
        const gone = recorded.sessions[at];
        const others = recorded.sessions.filter((session) => session !== gone);
        if (gone === undefined || gone.kind === 'function' || isReadBy(gone, others)) return;
        const { cc, ccv } = checkCausal(recorded);
        const without = checkCausal({ ...recorded, sessions: others });
        if (cc.length === 0) expect(without.cc).toEqual([]);
        if (ccv.length === 0) expect(without.ccv).toEqual([]);
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  test('[CC1] [CCV1] [CM1] CCv and CM both imply CC', () => {
    fc.assert(
      fc.property(smallCases(9), ({ recorded }) => {
        const { cc, ccv } = checkCausal(recorded);
        if (cc.length === 0) return;
        expect(ccv).not.toEqual([]);
        expect(checkCausalMemory(recorded)).not.toEqual([]);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

function isReadBy({ operations }: Session, others: readonly Session[]): boolean {
  const written = new Set(operations.flatMap((one) => (one.kind === 'write' ? [one.value] : [])));
  return others.some((session) =>
    session.operations.some(
      (one) => one.kind === 'read' && one.values?.some((value) => written.has(value)) === true,
    ),
  );
}

describe('long histories of a causal store', () => {
  test('[CC1] [CCV1] are good, and one read turned to a replaced value makes them bad', () => {
    const history = causalRecord({ operations: 2_000, sessions: 4, keys: 5, seed: 1 });
    expect(checkCausal(history)).toEqual({ cc: [], ccv: [] });
    const [first] = history.sessions;
    const own = first?.operations ?? [];
    const last = own.findLastIndex(({ kind }) => kind === 'read');
    const read = own[last];
    const old = own.find((one) => one.kind === 'write' && one.key === read?.key);
    if (first === undefined || read?.kind !== 'read' || old?.kind !== 'write') {
      throw new Error('The history has no such read');
    }
    const turned = own.with(last, { ...read, values: [old.value] });
    const sessions = history.sessions.with(0, { ...first, operations: turned });
    expect(checkCausal({ ...history, sessions }).cc[0]?.class).toBe('overwritten-read');
  });

  test('[CT3] twice the operations take about twice as long', () => {
    const secondsFor = (operations: number): number => {
      const history = causalRecord({ operations, sessions: 8, keys: 20, seed: 2 });
      const started = performance.now();
      expect(checkCausal(history).ccv).toEqual([]);
      return performance.now() - started;
    };
    secondsFor(10_000);
    const ratio = secondsFor(80_000) / Math.min(secondsFor(20_000), secondsFor(20_000));
    expect(ratio).toBeLessThan(16);
  });
});
