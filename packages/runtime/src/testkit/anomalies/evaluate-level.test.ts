// A short form of `npm run anomalies`, skewed so that four hundred executions meet often enough;
// and the same with defects put back, which the counters must see.
import {
  consistencyLevels,
  correctedProtocol,
  decideRead,
  NO_DEPENDENCIES,
  registerWrite,
  type ConsistencyLevel,
  type ProtocolStrategies,
} from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { evaluateLevel, type AnomalyCounts } from './evaluate-level.ts';
import { PUBLISHED_WORKLOAD, type WorkloadOptions } from './published-workload.ts';

const short: WorkloadOptions = {
  ...PUBLISHED_WORKLOAD,
  executions: 400,
  zipf: 1.5,
  refreshMs: 10_000,
};

async function strictCounts(
  level: ConsistencyLevel,
  strategies?: ProtocolStrategies,
): Promise<AnomalyCounts> {
  const { counts } = await evaluateLevel(short, level, { strategies });
  return counts.strict;
}

describe('the published workload', () => {
  test('under lww has every anomaly that a stronger level forbids', async () => {
    const { counts, executions } = await evaluateLevel(short, 'lww');
    expect(executions).toBe(400);
    for (const count of Object.values(counts.older.ofKind)) expect(count).toBeGreaterThan(0);
    const { forbidden } = counts.strict;
    expect(forbidden['multi-key-causal']).toBeGreaterThan(forbidden['single-key-causal']);
    expect(forbidden.causal).toBeGreaterThan(forbidden['multi-key-causal']);
    expect(forbidden['causal-cut']).toBeGreaterThan(forbidden.causal);
  });

  for (const shape of ['linear', 'v'] as const) {
    for (const level of consistencyLevels) {
      test(`under ${level} has none that it forbids (${shape})`, async () => {
        const { counts, failed } = await evaluateLevel({ ...short, shape }, level);
        expect(counts.strict.forbidden[level]).toBe(0);
        expect(failed).toBe(0);
      });
    }
  }

  test('is evaluated to the same numbers again', async () => {
    expect(await evaluateLevel(short, 'causal')).toEqual(await evaluateLevel(short, 'causal'));
  });
});

describe('the counters see defects', () => {
  const readsAsIfLww: ProtocolStrategies = {
    ...correctedProtocol,
    decideRead: (question) =>
      decideRead({ ...question, session: { ...question.session, level: 'lww' } }),
  };

  test('repeatable-read and causal with the read decisions of lww', async () => {
    const repeatable = await strictCounts('repeatable-read', readsAsIfLww);
    expect(repeatable.ofKind['repeatable-read']).toBeGreaterThan(0);
    const causal = await strictCounts('causal', readsAsIfLww);
    expect(causal.ofKind.session).toBeGreaterThan(0);
  });

  test('single-key-causal with the writes of lww', async () => {
    const counts = await strictCounts('single-key-causal', {
      ...correctedProtocol,
      registerWrite: (input) => registerWrite({ ...input, level: 'lww' }),
    });
    expect(counts.ofKind['single-key']).toBeGreaterThan(0);
  });

  test('multi-key-causal that admits versions without their dependencies', async () => {
    const counts = await strictCounts('multi-key-causal', {
      ...correctedProtocol,
      requirementsOf: () => NO_DEPENDENCIES,
    });
    expect(counts.ofKind['one-cache']).toBeGreaterThan(0);
  });

  test('causal-cut without its backward check', async () => {
    const counts = await strictCounts('causal-cut', {
      ...correctedProtocol,
      decideRead: (question) =>
        decideRead({ ...question, session: { ...question.session, level: 'causal' } }),
    });
    expect(counts.ofKind['read-set']).toBeGreaterThan(0);
  });
});
