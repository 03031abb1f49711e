/**
 * Runs the workload of the published evaluation and measures the metadata of versions: of every key
 * that was written, as storage has it right after the last execution, and of everything that was
 * sent to caches on the way.
 */
import type { Capsule, ConsistencyLevel, MessageOf, RoleMessage } from '@stormglass/core';
import type { Planted } from '../../adapters/sim/planted.ts';
import { runSimulation } from '../../adapters/sim/run-simulation.ts';
import type { Scenario } from '../../adapters/sim/scenario.ts';
import type { RegistrationPace } from '../../limits.ts';
import { publishedWorkload, type WorkloadOptions } from '../anomalies/published-workload.ts';
import { MetadataMeter, type MetadataSize } from './metadata-of.ts';

export interface MeasuredMetadata {
  readonly stored: readonly MetadataSize[];
  readonly sent: readonly MetadataSize[];
  readonly virtualMs: number;
}

export interface MeasureOptions {
  readonly workload: WorkloadOptions;
  readonly level: ConsistencyLevel;
  readonly pace: RegistrationPace;
  readonly onFinished?: (() => void) | undefined;
}

const TURNS_MAX = 100_000_000;
const PROBE = 'client';
/** More than a scan of a simulated disk takes. */
const SCAN_MS = 100;

export async function measureMetadata(options: MeasureOptions): Promise<MeasuredMetadata> {
  const { workload, level, pace, onFinished } = options;
  const published = publishedWorkload(workload, level).scenario;
  // Nothing is forgotten in the first lease after a start.
  const waits = { do: 'wait', durationMs: Math.min(pace.leaseMs, MAX_WAIT_MS) + 1_000 } as const;
  const clients = published.clients.map((steps) => [waits, ...steps]);
  const scenario: Scenario = { ...published, clients, pace };
  const meter = new MetadataMeter();
  const sent: MetadataSize[] = [];
  const stored: MetadataSize[] = [];
  const scans: (() => void)[] = [];
  const watched = watchStorage({
    onSent: (capsule) => sent.push(meter.sizeOf(capsule)),
    onScanned: ({ entries }) => {
      for (const [, capsule] of entries) stored.push(meter.sizeOf(capsule));
    },
    scans,
  });
  let left = workload.executions;
  const over = Promise.withResolvers<undefined>();
  const { virtualMs } = await runSimulation(workload.seed, scenario, {
    isStrict: false,
    turnsMax: TURNS_MAX,
    recordsRest: false,
    plant: () => ({ aroundStorage: watched }),
    onEvent: (event) => {
      if (event.kind !== 'invocation.finished') return;
      left -= 1;
      onFinished?.();
      if (left > 0) return;
      for (const scan of scans) scan();
      over.resolve(undefined);
    },
    steer: async ({ wait }) => {
      await over.promise;
      await wait(SCAN_MS);
    },
  });
  return { stored, sent, virtualMs };
}

const MAX_WAIT_MS = 60_000;

/** Sees what storage nodes send to caches, and can ask each for all of its keys. */
function watchStorage(watch: {
  readonly onSent: (capsule: Capsule) => void;
  readonly onScanned: (scanned: MessageOf<'scanned'>) => void;
  readonly scans: (() => void)[];
}): NonNullable<Planted['aroundStorage']> {
  const scan: RoleMessage = {
    type: 'storage.scan',
    request: 0,
    from: PROBE,
    space: 'user',
    prefix: '',
    limit: Number.MAX_SAFE_INTEGER - 1,
  };
  return (ports) => {
    let isWatched = false;
    return {
      ports: {
        ...ports,
        transport: {
          send: (to, message) => {
            if (message.type === 'scanned' && to === PROBE && message.request === 0) {
              watch.onScanned(message);
              return;
            }
            if (message.type === 'cache.update') watch.onSent(message.capsule);
            if (message.type === 'got' && message.found !== 'absent') watch.onSent(message.found);
            ports.transport.send(to, message);
          },
        },
      },
      receive: (message, pass) => {
        if (!isWatched) watch.scans.push(() => pass(scan));
        isWatched = true;
        pass(message);
      },
    };
  };
}
