// The figures of `npm run metadata`: what is counted, and that collection is what makes them small.
import { EMPTY_CLOCK, NO_DEPENDENCIES, registerOf } from '@stormglass/core';
import { expect, test } from 'vitest';
import { PUBLISHED_WORKLOAD } from '../anomalies/published-workload.ts';
import { measureMetadata } from './measure-metadata.ts';
import { MetadataMeter } from './metadata-of.ts';

const write = {
  writer: 'client.1',
  timestamp: 7_238_556_058_357_760,
  context: EMPTY_CLOCK,
  dependencies: NO_DEPENDENCIES,
};

test('an LWW write costs its writer, its timestamp and nothing that grows', () => {
  const meter = new MetadataMeter();
  const small = meter.sizeOf(registerOf({ ...write, value: '"v"' }));
  const large = meter.sizeOf(registerOf({ ...write, value: JSON.stringify('v'.repeat(10_000)) }));
  expect(small).toEqual({ ...large, clockLength: 1, dependencies: 0 });
  const names = 'client.1'.length + 'register'.length;
  expect(small.bytes).toBeLessThan(names + 8 + 16);
});

test('what is collected is not in storage any more, and without collection it is', async () => {
  const workload = { ...PUBLISHED_WORKLOAD, executions: 80, keys: 20 };
  const measure = (intervalMs: number, leaseMs: number) =>
    measureMetadata({ workload, level: 'causal', pace: { intervalMs, leaseMs } });
  const dependencies = (sizes: readonly { readonly dependencies: number }[]): number =>
    sizes.reduce((sum, size) => sum + size.dependencies, 0);
  const collected = await measure(5, 1_000);
  const kept = await measure(2 ** 30, 2 ** 30);
  expect(kept.stored.length).toBe(collected.stored.length);
  expect(dependencies(kept.stored)).toBeGreaterThan(0);
  expect(dependencies(collected.stored)).toBeLessThan(dependencies(kept.stored) / 2);
});
