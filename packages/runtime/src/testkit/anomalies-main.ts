/**
 * `npm run anomalies`: runs the workload of the published evaluation under `lww` and counts the
 * executions that each stronger level would have forbidden, then runs it under each level and
 * counts again (docs/anomalies.md).
 */
import { parseArgs } from 'node:util';
import { consistencyLevels, type ConsistencyLevel } from '@stormglass/core';
import { evaluateLevel, type LevelResult } from './anomalies/evaluate-level.ts';
import { anomalyTable, describeWorkload, LEGEND } from './anomalies/print-table.ts';
import {
  PUBLISHED_WORKLOAD,
  publishedWorkload,
  type WorkloadOptions,
} from './anomalies/published-workload.ts';
import { ProgressLine } from './simulate/progress-line.ts';

interface Options {
  readonly workload: WorkloadOptions;
  readonly refreshesMs: readonly number[];
  readonly isJson: boolean;
}

function optionsFrom(commandLine: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      seed: { type: 'string', default: PUBLISHED_WORKLOAD.seed },
      executions: { type: 'string', default: `${PUBLISHED_WORKLOAD.executions}` },
      zipf: { type: 'string', default: `${PUBLISHED_WORKLOAD.zipf}` },
      shape: { type: 'string', default: PUBLISHED_WORKLOAD.shape },
      'refresh-ms': { type: 'string', multiple: true, default: ['100', '10000'] },
      json: { type: 'boolean', default: false },
    },
  });
  const { seed, shape, json } = values;
  const executions = Number(values.executions);
  const zipf = Number(values.zipf);
  const refreshesMs = values['refresh-ms'].map(Number);
  const isGood =
    Number.isSafeInteger(executions) &&
    executions >= PUBLISHED_WORKLOAD.clients &&
    zipf >= 0 &&
    refreshesMs.every((refreshMs) => refreshMs > 0) &&
    (shape === 'linear' || shape === 'v');
  if (!isGood) {
    process.stderr.write(
      'Usage: npm run anomalies -- [--seed 1] [--executions 4000] [--zipf 1] [--shape linear|v]\n' +
        '         [--refresh-ms 100]… [--json]\n',
    );
    process.exit(2);
  }
  return {
    workload: { ...PUBLISHED_WORKLOAD, seed, executions, zipf, shape },
    refreshesMs,
    isJson: json,
  };
}

async function evaluate(workload: WorkloadOptions, level: ConsistencyLevel): Promise<LevelResult> {
  const startedMs = performance.now();
  const line = new ProgressLine(process.stderr, startedMs);
  const result = await evaluateLevel(workload, level, {
    onFinished: (done) => {
      const nowMs = performance.now();
      const label = `${level}, refresh ${workload.refreshMs} ms`;
      const perSecond = (1_000 * done) / (nowMs - startedMs);
      line.show({ label, done, total: workload.executions, perSecond }, nowMs);
    },
  });
  line.clear();
  return result;
}

const { workload, refreshesMs, isJson } = optionsFrom(process.argv.slice(2));
const { scenario } = publishedWorkload(workload, 'lww');
if (!isJson) process.stdout.write(`${describeWorkload(workload, scenario)}\n\n`);
const runs: { readonly refreshMs: number; readonly levels: readonly LevelResult[] }[] = [];
for (const refreshMs of refreshesMs) {
  const levels: LevelResult[] = [];
  for (const level of consistencyLevels) {
    levels.push(await evaluate({ ...workload, refreshMs }, level));
  }
  runs.push({ refreshMs, levels });
  if (!isJson) process.stdout.write(`${anomalyTable(refreshMs, levels)}\n`);
}
if (isJson) {
  const { refreshMs: _, ...parameters } = workload;
  process.stdout.write(`${JSON.stringify({ parameters, runs }, undefined, 2)}\n`);
} else process.stdout.write(`${LEGEND}\n`);
const isClean = runs.every(({ levels }) =>
  levels.every(({ level, counts }) => counts.strict.forbidden[level] === 0),
);
process.exitCode = isClean ? 0 : 1;
