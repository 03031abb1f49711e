/**
 * What Prometheus may ask. On the way of an invocation only plain numbers are counted; the rest is
 * made on demand.
 */
import type { ClusterStatus, ToldEvent } from '@stormglass/core';
import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { statusOf, type InvocationRecord } from '../invocations/invocation-record.ts';

const MICROSECONDS_PER_SECOND = 1_000_000;
const DURATION_BUCKETS_SECONDS = [
  0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
  10,
];

export interface Metrics {
  readonly countInvocation: (record: InvocationRecord) => void;
  readonly countEvent: (told: ToldEvent) => void;
  /** Text in Prometheus' exposition format. */
  readonly read: (
    status: ClusterStatus,
  ) => Promise<{ readonly text: string; readonly type: string }>;
}

interface Instruments {
  readonly registry: Registry;
  readonly invocations: Counter<'status'>;
  readonly durations: Histogram;
  readonly reads: Counter<'outcome'>;
  readonly workers: Gauge<'state'>;
}

async function makeInstruments(): Promise<Instruments> {
  // Loaded at the first request for metrics, so that nobody else waits for it.
  const client = await import('prom-client');
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    invocations: new client.Counter({
      name: 'stormglass_invocations_total',
      help: 'Invocations that ended, by status.',
      labelNames: ['status'],
      registers,
    }),
    durations: new client.Histogram({
      name: 'stormglass_invocation_duration_seconds',
      help: 'From acceptance to the end, over all attempts.',
      buckets: DURATION_BUCKETS_SECONDS,
      registers,
    }),
    reads: new client.Counter({
      name: 'stormglass_cache_reads_total',
      help: 'Reads of traced invocations, by where the value came from.',
      labelNames: ['outcome'],
      registers,
    }),
    workers: new client.Gauge({
      name: 'stormglass_workers',
      help: 'Worker processes, by state.',
      labelNames: ['state'],
      registers,
    }),
  };
}

/** Durations kept between two readings; beyond it the oldest are left out of the histogram. */
const DURATIONS_KEPT_MAX = 100_000;

export function makeMetrics(): Metrics {
  let instruments: Promise<Instruments> | undefined;
  const ended = new Map<string, number>();
  const reads = new Map<string, number>();
  let durationsUs: number[] = [];
  const add = (counts: Map<string, number>, name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };

  function flushInto({ invocations, durations, reads: readCounter }: Instruments): void {
    for (const [status, count] of ended) invocations.inc({ status }, count);
    for (const [outcome, count] of reads) readCounter.inc({ outcome }, count);
    for (const us of durationsUs) durations.observe(us / MICROSECONDS_PER_SECOND);
    ended.clear();
    reads.clear();
    durationsUs = [];
  }

  return {
    countInvocation: (record) => {
      add(ended, statusOf(record));
      if (record.outcome !== undefined && durationsUs.length < DURATIONS_KEPT_MAX) {
        durationsUs.push(record.outcome.durationUs);
      }
    },
    countEvent: (told) => {
      if (told.kind !== 'cache.read') return;
      const event = told.event();
      if (event.kind === 'cache.read') add(reads, event.outcome);
    },
    read: async (status) => {
      instruments ??= makeInstruments();
      const made = await instruments;
      flushInto(made);
      made.workers.reset();
      for (const { state } of status.workers) made.workers.inc({ state });
      return { text: await made.registry.metrics(), type: made.registry.contentType };
    },
  };
}
