/**
 * `npm run metadata`: runs DAGs of the published workload and prints what the metadata of a version
 * takes beside the published figures (protocols.md 4.2).
 */
import { parseArgs } from 'node:util';
import { must } from '@stormglass/core';
import { REGISTRATION_PACE, type RegistrationPace } from '../limits.ts';
import { PUBLISHED_WORKLOAD, type WorkloadOptions } from './anomalies/published-workload.ts';
import { measureMetadata } from './metadata/measure-metadata.ts';
import type { MetadataSize } from './metadata/metadata-of.ts';
import { ProgressLine } from './simulate/progress-line.ts';

/** HydroCache: median and p99 bytes; p99 clock length 9 and 7 dependencies, at which skew is not said. */
const published = new Map([
  [1, '120 / 432 B'],
  [1.5, '300 / 852 B'],
]);

const NEVER: RegistrationPace = { intervalMs: 2 ** 30, leaseMs: 2 ** 30 };

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: PUBLISHED_WORKLOAD.seed },
    executions: { type: 'string', default: '10000' },
    zipf: { type: 'string', multiple: true, default: ['1', '1.5'] },
    shape: { type: 'string', default: 'linear' },
    'interval-ms': {
      type: 'string',
      multiple: true,
      default: [`${REGISTRATION_PACE.intervalMs}`],
    },
  },
});

const quantile = (sorted: readonly number[], share: number): number =>
  must(
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))],
    'something measured',
  );

function row(label: string, sizes: readonly MetadataSize[]): string {
  const both = (of: (size: MetadataSize) => number): string => {
    const sorted = sizes.map(of).toSorted((a, b) => a - b);
    return `${quantile(sorted, 0.5)} / ${quantile(sorted, 0.99)}`;
  };
  const figures = [
    both(({ bytes }) => bytes),
    both(({ clockLength }) => clockLength),
    both(({ dependencies }) => dependencies),
  ];
  return `    ${label.padEnd(30)}${figures.map((figure) => figure.padStart(16)).join('')}\n`;
}

async function measure(workload: WorkloadOptions, intervalMs: string): Promise<void> {
  const pace =
    intervalMs === 'never' ? NEVER : { ...REGISTRATION_PACE, intervalMs: Number(intervalMs) };
  const startedMs = performance.now();
  const line = new ProgressLine(process.stderr, startedMs);
  let done = 0;
  const { stored, sent } = await measureMetadata({
    workload,
    level: 'causal',
    pace,
    onFinished: () => {
      done += 1;
      const nowMs = performance.now();
      const label = `zipf ${workload.zipf}, collection ${intervalMs}`;
      const perSecond = (1_000 * done) / (nowMs - startedMs);
      line.show({ label, done, total: workload.executions, perSecond }, nowMs);
    },
  });
  line.clear();
  const collection =
    intervalMs === 'never' ? 'never collected' : `collected every ${intervalMs} ms`;
  process.stdout.write(`  ${collection}\n`);
  process.stdout.write(row(`${stored.length} keys in storage`, stored));
  process.stdout.write(row(`${sent.length} versions sent to caches`, sent));
}

const { seed, shape } = values;
const executions = Number(values.executions);
const skews = values.zipf.map(Number);
if (
  !Number.isSafeInteger(executions) ||
  executions < PUBLISHED_WORKLOAD.clients ||
  !skews.every((zipf) => zipf >= 0) ||
  (shape !== 'linear' && shape !== 'v')
) {
  process.stderr.write(
    'Usage: npm run metadata -- [--seed 1] [--executions 10000] [--zipf 1]… [--shape linear|v]\n' +
      '         [--interval-ms 100|never]…\n',
  );
  process.exit(2);
}
process.stdout.write(
  `${executions} ${shape} DAGs of the published workload at causal. Median / p99 of all but the value,\n` +
    'as MessagePack between worker and server.\n' +
    `${''.padEnd(34)}${['bytes', 'clock entries', 'dependencies'].map((title) => title.padStart(16)).join('')}\n`,
);
for (const zipf of skews) {
  const figure = published.get(zipf);
  const beside = figure === undefined ? '' : `; published ${figure}, p99 clock 9, dependencies 7`;
  process.stdout.write(`zipf ${zipf}${beside}\n`);
  for (const intervalMs of values['interval-ms']) {
    await measure({ ...PUBLISHED_WORKLOAD, seed, shape, executions, zipf }, intervalMs);
  }
}
