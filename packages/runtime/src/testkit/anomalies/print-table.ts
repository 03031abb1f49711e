/**
 * The anomaly table as text, with everything that it depends on.
 */
import type { ConsistencyLevel } from '@stormglass/core';
import type { Scenario } from '../../adapters/sim/scenario.ts';
import type { LevelResult } from './evaluate-level.ts';
import { VALUE_BYTES, type WorkloadOptions } from './published-workload.ts';

/** Quoted from memory in protocols.md 4.1, E6; of 4 000 executions, cumulative but for the last. */
const published: { readonly [L in ConsistencyLevel]?: number } = {
  lww: 0,
  'single-key-causal': 904,
  'multi-key-causal': 939,
  causal: 1043,
  'repeatable-read': 46,
};

/** The causal chain, weakest first, and beside it repeatable read. */
const rows: readonly ConsistencyLevel[] = [
  'lww',
  'single-key-causal',
  'multi-key-causal',
  'causal',
  'causal-cut',
  'repeatable-read',
];

const LEVEL_WIDTH = 19;
const CELL_WIDTH = 15;

const line = (first: string, cells: readonly (string | number)[]): string =>
  first.padEnd(LEVEL_WIDTH) + cells.map((cell) => `${cell}`.padStart(CELL_WIDTH)).join('');

export function describeWorkload(options: WorkloadOptions, scenario: Scenario): string {
  const { keys, zipf, dags, shape, executions, clients, workers, executorsPerWorker } = options;
  const { delayUs } = scenario.network;
  const { functionStartUs, diskUs } = scenario;
  const shapes = shape === 'v' ? 'two sources that meet, then a chain' : 'chains';
  return [
    `Seed ${options.seed}: ${executions} executions by ${clients} closed-loop clients of ${dags} random DAGs`,
    `(${shapes} of 2 to 5 functions, mean 3; two arguments a function, keys drawn for each execution;`,
    `the sink writes one key of its DAG's read set), ${keys} keys of ${VALUE_BYTES} bytes, zipf ${zipf}, on`,
    `${workers} workers with ${executorsPerWorker} executors each and ${options.storages} storage nodes.`,
    'Keys are not preloaded; absence is the initial version. No client carries a session on.',
    `Virtual time: a message takes ${delayUs.min} to ${delayUs.max} µs, a function ${functionStartUs.min} to`,
    `${functionStartUs.max} µs, a disk access ${diskUs.min} to ${diskUs.max} µs, all uniform; exact clocks.`,
  ].join('\n');
}

/** @param results of one refresh interval, one a level, `lww` first */
export function anomalyTable(refreshMs: number, results: readonly LevelResult[]): string {
  const [lww] = results;
  if (lww === undefined) return '';
  return [
    `Refresh every ${refreshMs} ms: of ${lww.executions} executions under lww, those that a level forbids`,
    line('', ['older', 'strict', 'published*']),
    ...rows.map((level) =>
      line(level, [
        lww.counts.older.forbidden[level],
        lww.counts.strict.forbidden[level],
        published[level] ?? '-',
      ]),
    ),
    `  ${lww.readersOfLossy} executions read a version that had replaced a concurrent, lost one.`,
    '',
    `Refresh every ${refreshMs} ms: the same workload under each level`,
    line('', [
      'own anomalies',
      'median µs/fn',
      '/ lww',
      'p99 µs/fn',
      '/ lww',
      'restarts',
      'failed',
    ]),
    ...results.map((result) =>
      line(result.level, [
        result.counts.strict.forbidden[result.level],
        Math.round(result.medianUs),
        (result.medianUs / lww.medianUs).toFixed(2),
        Math.round(result.p99Us),
        (result.p99Us / lww.p99Us).toFixed(2),
        result.restarts,
        result.failed,
      ]),
    ),
    '',
  ].join('\n');
}

export const LEGEND = [
  'Causal levels are cumulative, each with the rows above it; repeatable-read stands beside them.',
  'older: behind a requirement counts only where the required version happened after the one read.',
  'strict: also where a required concurrent version is missing; own anomalies are counted like this.',
  '* as recalled: quoted from memory, of 4000 executions on other machines.',
].join('\n');
