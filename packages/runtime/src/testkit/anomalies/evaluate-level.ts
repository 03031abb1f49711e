/**
 * Runs the workload at one level and counts, off-line, what every level would have forbidden in it.
 */
import {
  must,
  type ConsistencyLevel,
  type InvocationId,
  type ProtocolStrategies,
} from '@stormglass/core';
import { runSimulation } from '../../adapters/sim/run-simulation.ts';
import {
  countAnomalies,
  readersOfLossy,
  type Anomalies,
  type AnomalyKind,
  type Behind,
} from './count-anomalies.ts';
import { publishedWorkload, type WorkloadOptions } from './published-workload.ts';
import { RunRecorder } from './recorded-run.ts';

/** What a level forbids: 0 executions of a run at this level may have one of these, in strict form. */
const forbiddenBy: { readonly [L in ConsistencyLevel]: readonly AnomalyKind[] } = {
  lww: [],
  'repeatable-read': ['repeatable-read'],
  'single-key-causal': ['single-key'],
  'multi-key-causal': ['single-key', 'one-cache'],
  causal: ['single-key', 'one-cache', 'session'],
  'causal-cut': ['single-key', 'one-cache', 'session', 'read-set'],
};

/** Executions. */
export interface AnomalyCounts {
  readonly ofKind: { readonly [K in AnomalyKind]: number };
  /** Level → executions with any of the kinds that it forbids. */
  readonly forbidden: { readonly [L in ConsistencyLevel]: number };
}

export interface LevelResult {
  readonly level: ConsistencyLevel;
  /** Those that were answered without a failure. */
  readonly executions: number;
  readonly counts: { readonly [B in Behind]: AnomalyCounts };
  /** Executions that read a version which had replaced a concurrent one that is lost. */
  readonly readersOfLossy: number;
  /** Of an execution from the scheduler's first message to its last, divided by its functions. */
  readonly medianUs: number;
  readonly p99Us: number;
  /** Attempts beyond the first. */
  readonly restarts: number;
  readonly failed: number;
  readonly virtualMs: number;
}

export interface EvaluateOptions {
  /** Called for each execution that is over. */
  readonly onFinished?: ((finished: number) => void) | undefined;
  /** A test of the counters puts a defect back. */
  readonly strategies?: ProtocolStrategies | undefined;
}

/** A run takes about 25 turns for each execution. */
const TURNS_MAX = 100_000_000;

export async function evaluateLevel(
  workload: WorkloadOptions,
  level: ConsistencyLevel,
  { onFinished, strategies }: EvaluateOptions = {},
): Promise<LevelResult> {
  const { scenario, executions } = publishedWorkload(workload, level);
  const recorder = new RunRecorder();
  const { virtualMs } = await runSimulation(workload.seed, scenario, {
    isStrict: false,
    strategies,
    turnsMax: TURNS_MAX,
    recordsRest: false,
    onEvent: (event) => {
      recorder.observe(event);
      if (event.kind === 'invocation.finished') onFinished?.(recorder.finished);
    },
  });
  const run = recorder.take(executions);
  const perFunctionUs = run.executions
    .map(({ durationUs, plan }) => durationUs / plan.dag.nodes.length)
    .toSorted((a, b) => a - b);
  return {
    level,
    executions: run.executions.length,
    counts: {
      older: summarize(countAnomalies(run, 'older')),
      strict: summarize(countAnomalies(run, 'strict')),
    },
    readersOfLossy: readersOfLossy(run),
    medianUs: quantile(perFunctionUs, 0.5),
    p99Us: quantile(perFunctionUs, 0.99),
    restarts: run.executions.reduce((sum, { attempts }) => sum + attempts - 1, 0),
    failed: run.failed,
    virtualMs,
  };
}

function summarize(anomalies: Anomalies): AnomalyCounts {
  const of = (kind: AnomalyKind): ReadonlySet<InvocationId> =>
    must(anomalies.get(kind), 'every kind is counted');
  const any = (level: ConsistencyLevel): number =>
    new Set(forbiddenBy[level].flatMap((kind) => [...of(kind)])).size;
  return {
    ofKind: {
      'single-key': of('single-key').size,
      'one-cache': of('one-cache').size,
      session: of('session').size,
      'read-set': of('read-set').size,
      'repeatable-read': of('repeatable-read').size,
    },
    forbidden: {
      lww: any('lww'),
      'repeatable-read': any('repeatable-read'),
      'single-key-causal': any('single-key-causal'),
      'multi-key-causal': any('multi-key-causal'),
      causal: any('causal'),
      'causal-cut': any('causal-cut'),
    },
  };
}

/** The smallest value that at least this share of the values does not exceed. */
const quantile = (sorted: readonly number[], share: number): number =>
  must(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)], 'an execution has committed');
