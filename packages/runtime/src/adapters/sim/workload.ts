/**
 * Draws scenarios from a seed: DAGs over two or three workers, clients that call them with plans of reads
 * and writes, and a world that is bad in some ways and good in others, because where everything fails
 * nothing is learned.
 */
import type { ConsistencyLevel, InvocationId, Key, StorageId } from '@stormglass/core';
import type { Random } from '../../ports/random.ts';
import { drawCacheBudget, drawFaults, drawNetwork } from './draw-faults.ts';
import { drawChance, drawInteger, drawOne } from './draws.ts';
import { additionsIn, COUNTER, drawKeys, drawPlan, perform } from './drawn-plan.ts';
import type { History } from './history.ts';
import type {
  ClientStep,
  InvokeStep,
  Scenario,
  ScenarioArgument,
  ScenarioFunction,
} from './scenario.ts';
import { seededRandom } from './seeded-random.ts';
import { stepOfTry } from './tries.ts';
import { homeOf, settleHomesOn, stayHome, stayHomeDagOn } from './two-homes.ts';
import { NARROW, type WorkloadShape } from './workload-shapes.ts';

/** The storage nodes of every drawn scenario. */
export const DRAWN_STORAGES: readonly StorageId[] = ['s1', 's2'];

/** What a drawn scenario is written with: everything else of it is plain data. */
export const workloadFunctions: readonly ScenarioFunction[] = [stayHome, perform];

/** Equal seeds and levels give equal scenarios. */
export function drawScenario(
  seed: string,
  level: ConsistencyLevel,
  shape: WorkloadShape = NARROW,
): Scenario {
  const { workers, dags } = shape;
  const random = seededRandom(`${seed}/scenario`);
  const world = random.fork('world');
  const keys = drawKeys(random.fork('keys'));
  const clients = Array.from({ length: drawInteger(world, { min: 2, max: 3 }) }, (_, client) =>
    drawClient(random.fork(`client ${client}`), client, { level, keys, shape }),
  );
  const [first = [], ...others] = clients;
  return {
    workers: workers.map((id) => ({
      id,
      executors: 1,
      cacheBytesMax: drawCacheBudget(random.fork(`cache of ${id}`)),
      clock: {
        skewMs: drawInteger(world, { min: -300, max: 300 }),
        driftPpm: drawInteger(world, { min: -500, max: 500 }),
      },
    })),
    storages: DRAWN_STORAGES,
    functions: workloadFunctions,
    dags: [stayHomeDagOn(workers), ...dags],
    clients: [
      [...settleHomesOn(workers), ...first],
      ...others.map((steps): readonly ClientStep[] => [{ do: 'wait', durationMs: 110 }, ...steps]),
    ],
    network: drawNetwork(random.fork('network')),
    diskUs: drawOne(world, [
      { min: 10, max: 100 },
      { min: 100, max: 20_000 },
    ]),
    functionStartUs: drawOne(world, [
      { min: 0, max: 0 },
      { min: 0, max: 2_000 },
    ]),
    crashDetectionUs: { min: 100, max: 10_000 },
    faults: drawFaults(random.fork('faults'), {
      workers,
      storages: DRAWN_STORAGES,
      keys: [...new Set(keys)],
    }),
    ...drawOne(random.fork('pace'), paces),
    attemptLeaseMs: ATTEMPT_LEASE_MS,
  };
}

interface Style {
  readonly level: ConsistencyLevel;
  readonly shape: WorkloadShape;
  /** Each as often as it is used. */
  readonly keys: readonly Key[];
}

/** Longer than an invocation may take, and not so long that waiting for its end takes all the time. */
const ATTEMPT_LEASE_MS = 35_000;

/** Registrations that are told of at once, and some that end while a link stalls. */
const paces: readonly Pick<Scenario, 'pace'>[] = [
  {},
  {},
  {},
  { pace: { intervalMs: 50, leaseMs: 2_000 } },
  { pace: { intervalMs: 20, leaseMs: 400 } },
];

function drawClient(random: Random, client: number, style: Style): readonly ClientStep[] {
  const count = drawInteger(random, { min: 3, max: 6 });
  return Array.from({ length: count }, (_, index): ClientStep => {
    if (drawChance(random, 0.15)) {
      return {
        do: 'put',
        key: drawOne(random, style.keys),
        value: `client ${client} step ${index}`,
      };
    }
    if (drawChance(random, 0.1)) {
      return { do: 'wait', durationMs: drawInteger(random, { min: 1, max: 100 }) };
    }
    return drawInvocation(random, `c${client}-${index}`, style);
  });
}

function drawInvocation(random: Random, invocation: string, style: Style): InvokeStep {
  const { level, keys, shape } = style;
  const drawn = shape.nodes.map((node) => {
    const given = new Map<string, ScenarioArgument>([
      ['home', { ref: homeOf(drawOne(random, shape.workers)) }],
      ['plan', { value: drawPlan(random, keys, `${invocation}.${node}`) }],
    ]);
    if (shape.givesReferences && drawChance(random, 0.4)) {
      given.set('given', { ref: drawOne(random, keys) });
    }
    return [node, given] as const;
  });
  const dag = drawOne(random, shape.dags);
  return {
    do: 'invoke',
    invocation,
    dag: dag.name,
    arguments: new Map(drawn.filter(([node]) => dag.nodes.some(({ id }) => id === node))),
    level,
    continuesSession: drawChance(random, 0.5),
    idempotencyKey: drawChance(random.fork(`${invocation} again`), 0.6) ? invocation : undefined,
  };
}

/**
 * Every invocation that succeeded counts with all that its plan adds, every other one with nothing;
 * one that was never answered with all or nothing.
 */
export function checkCounter(history: History, scenario: Scenario): readonly string[] {
  const answered = new Map<InvocationId, boolean>();
  for (const entry of history) {
    if (entry.kind !== 'answer') continue;
    const step = stepOfTry(entry.invocation);
    answered.set(step, entry.failure === undefined || answered.get(step) === true);
  }
  let possible = new Set([0]);
  for (const step of scenario.clients.flat()) {
    if (step.do !== 'invoke') continue;
    const additions = additionsOf(step);
    const succeeded = answered.get(step.invocation);
    if (additions === 0 || succeeded === false) continue;
    const more = [...possible].map((sum) => sum + additions);
    possible = new Set(succeeded === true ? more : [...possible, ...more]);
  }
  const final = history.find((entry) => entry.kind === 'final' && entry.key === COUNTER);
  const counted = final?.kind === 'final' ? Number(final.value ?? 0) : 0;
  if (final === undefined || possible.has(counted)) return [];
  return [`${[...possible].join(' or ')} was added up to ${counted}`];
}

const additionsOf = (step: InvokeStep): number =>
  [...(step.arguments?.values() ?? [])].reduce((sum, given) => {
    const plan = given.get('plan');
    return sum + (plan !== undefined && 'value' in plan ? additionsIn(plan.value) : 0);
  }, 0);
