/**
 * Runs a scenario from a seed to its end: the roles as they are everywhere else, every choice drawn
 * from the seed.
 */
import {
  assert,
  type Key,
  type ProtocolStrategies,
  type RuntimeEvent,
  type TimedEvent,
} from '@stormglass/core';
import {
  ATTEMPT_LEASE_MS,
  INVOCATION_TIMEOUT_MS_DEFAULT,
  LEASE_SWEEP_MS,
  REGISTRATION_PACE,
  RUN_SWEEP_MS,
} from '../../limits.ts';
import type { LibraryRequest } from '../../ports/function-host.ts';
import type { Ownership } from '../../ports/ownership.ts';
import { ClientScripts } from './client-script.ts';
import { EventQueue } from './event-queue.ts';
import { FaultDriver } from './fault-driver.ts';
import { FaultCounter, type FaultKind } from './faults.ts';
import {
  entryOfEvent,
  hashOfHistory,
  recordedEvents,
  type History,
  type HistoryEntry,
} from './history.ts';
import { MessageRecorder } from './message-recorder.ts';
import type { Plant, Planted } from './planted.ts';
import type { Scenario } from './scenario.ts';
import { seededRandom } from './seeded-random.ts';
import { SimCluster } from './sim-cluster.ts';
import { SimEventLog } from './sim-event-sink.ts';
import type { Tracer } from './trace/trace-step.ts';

export interface Simulation {
  readonly history: History;
  /** None where they are not kept. */
  readonly events: readonly TimedEvent[];
  /** Of the history. */
  readonly hash: string;
  readonly turns: number;
  readonly virtualMs: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
}

/** What somebody who steers a simulation from outside has in hand. */
export interface Helm {
  readonly queue: EventQueue;
  readonly cluster: SimCluster;
  /** Resolves after this much virtual time. */
  readonly wait: (durationMs: number) => Promise<void>;
}

export interface SimulationOptions {
  /**
   * Whether each message is parsed with its schema, and stops the run when it does not fit; default
   * true. It changes nothing else, and takes longer than all roles together.
   */
  readonly isStrict?: boolean | undefined;
  /**
   * Whether somebody reads the events afterwards; default true. Where not, roles do not build those
   * that say nothing of the history. It changes nothing else.
   */
  readonly keepsEvents?: boolean | undefined;
  /** Of the scenario's storage nodes, made once where many scenarios have the same ones. */
  readonly ring?: Ownership | undefined;
  /** Runs beside the scenario's clients; the cluster comes to rest when both are done. */
  readonly steer?: ((helm: Helm) => Promise<void>) | undefined;
  /** Of all roles; a test of a planted defect replaces some. */
  readonly strategies?: ProtocolStrategies | undefined;
  /** What stands around roles; its strategies win over `strategies`. */
  readonly plant?: Plant | undefined;
  /** More than this, and the simulation is stuck in a loop; default 200 000. */
  readonly turnsMax?: number | undefined;
  /** Whether everything comes to rest and is read at the end; default true. */
  readonly recordsRest?: boolean | undefined;
  /** Hears of every message between machines, event, answer and fault. */
  readonly trace?: Tracer | undefined;
  /** Hears every event as it is told. */
  readonly onEvent?: ((event: RuntimeEvent) => void) | undefined;
}

const TURNS_MAX_DEFAULT = 200_000;
/** After the last step everything gets this long to come to rest, with all links healed. */
const REST_MS = 2_000;
/** An executor ends its runs so long after their deadlines. */
const RUNS_OVER_MS = INVOCATION_TIMEOUT_MS_DEFAULT + 2 * RUN_SWEEP_MS;
/** How often it is looked whether everything that crashed has been restarted. */
const RESTART_POLL_MS = 10;
/**
 * Promises that one turn settles hand on through at most this many others before a role hears of
 * it. Too few would not lose determinism, only let the next turn overtake.
 */
const PROMISE_HOPS = 16;
const SETTLED = Promise.resolve();

export async function runSimulation(
  seed: string,
  scenario: Scenario,
  options: SimulationOptions = {},
): Promise<Simulation> {
  const { isStrict = true, ring, trace } = options;
  const queue = new EventQueue();
  const history: HistoryEntry[] = [];
  const log = new SimEventLog(queue, heardOf(scenario, options));
  log.watch((event) => {
    const entry = entryOfEvent(queue.nowUs, event);
    if (entry !== undefined) history.push(entry);
    options.onEvent?.(event);
    trace?.({ kind: 'event', atUs: queue.nowUs, event });
  });
  const record = (entry: HistoryEntry): void => {
    history.push(entry);
    trace?.({ kind: 'entry', atUs: queue.nowUs, entry });
  };
  const planted = { strategies: options.strategies, ...options.plant?.() };
  const faults = new FaultCounter();
  const cluster = clusterOf(seed, scenario, {
    queue,
    record,
    log,
    planted,
    faults,
    isStrict,
    ring,
    trace,
  });
  const driver = new FaultDriver({ queue, cluster, scenario, faults, trace });
  const scripts = new ClientScripts({ queue, cluster, log, scenario, history, record });
  const play = async (): Promise<void> => {
    await playClients(scripts, cluster, driver, () =>
      options.steer?.({ queue, cluster, wait: (durationMs) => scripts.wait(durationMs) }),
    );
    if (options.recordsRest ?? true) await recordRest(scripts, { cluster, scenario, history });
  };
  const turns = await drive(queue, play(), options.turnsMax ?? TURNS_MAX_DEFAULT);
  const virtualMs = queue.nowUs / 1000;
  return new PlayedSimulation({
    history,
    events: log.events,
    turns,
    virtualMs,
    faults: faults.counts(),
  });
}

/**
 * A class, and no literal with a getter: V8 keeps each of those, and with it the whole world of its
 * run, until it collects the old generation.
 */
class PlayedSimulation implements Simulation {
  readonly history: History;
  readonly events: readonly TimedEvent[];
  readonly turns: number;
  readonly virtualMs: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  #hash: string | undefined;

  constructor(played: Omit<Simulation, 'hash'>) {
    this.history = played.history;
    this.events = played.events;
    this.turns = played.turns;
    this.virtualMs = played.virtualMs;
    this.faults = played.faults;
  }

  /** Made when somebody asks: a sweep does not. */
  get hash(): string {
    return (this.#hash ??= hashOfHistory(this.history));
  }
}

/** The kinds of events that the history is made of, or that a client waits for; `undefined`: all. */
function heardOf(
  { clients }: Scenario,
  { keepsEvents = true, onEvent, trace }: SimulationOptions,
): ReadonlySet<RuntimeEvent['kind']> | undefined {
  if (keepsEvents || onEvent !== undefined || trace !== undefined) return undefined;
  const awaited = clients.flat().flatMap((step) => (step.do === 'await-event' ? [step.kind] : []));
  return new Set([...recordedEvents, ...awaited]);
}

function clusterOf(
  seed: string,
  scenario: Scenario,
  world: {
    readonly queue: EventQueue;
    readonly record: (entry: HistoryEntry) => void;
    readonly log: SimEventLog;
    readonly planted: Planted;
    readonly faults: FaultCounter;
    readonly isStrict: boolean;
    readonly ring: Ownership | undefined;
    readonly trace: Tracer | undefined;
  },
): SimCluster {
  const { queue, record } = world;
  const messages = new MessageRecorder(record, () => queue.nowUs);
  return new SimCluster({
    ...world,
    random: seededRandom(seed),
    scenario,
    observe: {
      called: ({ id: call, definition, arguments: values }) =>
        record({ kind: 'called', atUs: queue.nowUs, call, function: definition.name, values }),
      replied: (call, request, reply) => {
        if (reply.status !== 'values') return;
        const { operation } = request;
        const { values } = reply;
        record({ kind: 'seen', atUs: queue.nowUs, call, operation, keys: keysOf(request), values });
      },
    },
    onDelivery: (to, message) => messages.onDelivery(to, message),
    onAnswer: ({ invocation, attempts, results, failure }) => {
      const entry = { kind: 'answer', atUs: queue.nowUs, invocation, attempts } as const;
      record({ ...entry, results: [...results], failure: failure?.type });
    },
    onFault: (kind, machine) => record({ kind, atUs: queue.nowUs, machine }),
  });
}

/** Which keys a function asks for. */
function keysOf(request: LibraryRequest): readonly Key[] {
  switch (request.operation) {
    case 'get':
      return request.keys;
    case 'siblings':
      return [request.key];
    default:
      return [];
  }
}

/** Sets up, lets the clients play, and heals. */
async function playClients(
  scripts: ClientScripts,
  cluster: SimCluster,
  driver: FaultDriver,
  steer: () => Promise<void> | undefined,
): Promise<void> {
  await scripts.register();
  driver.start();
  await Promise.all([scripts.runAll(), steer()]);
  driver.stop();
  cluster.network.setGate(undefined);
  cluster.network.letPass(() => true);
  cluster.network.healAll();
  while (!cluster.isWhole) await scripts.wait(RESTART_POLL_MS);
}

interface RestOptions {
  readonly cluster: SimCluster;
  readonly scenario: Scenario;
  readonly history: readonly HistoryEntry[];
}

/** Waits until everything is at rest, and looks at what is left. */
async function recordRest(
  scripts: ClientScripts,
  { cluster, scenario, history }: RestOptions,
): Promise<void> {
  // By the end of a lease a cache has registered again, and was told what it had missed.
  const { leaseMs: registeredMs } = scenario.pace ?? REGISTRATION_PACE;
  await scripts.wait(mayLose(scenario) ? REST_MS + registeredMs : REST_MS);
  // Where a message that ends something was lost, a lease does.
  const leaseMs = scenario.attemptLeaseMs ?? ATTEMPT_LEASE_MS;
  const overMs = Math.max(RUNS_OVER_MS, 2 * (leaseMs + LEASE_SWEEP_MS));
  for (let waitedMs = 0; waitedMs < overMs && hasLeftovers(cluster); waitedMs += REST_MS) {
    await scripts.wait(REST_MS);
  }
  const written = new Set<Key>();
  for (const entry of history) {
    if (entry.kind === 'put' || entry.kind === 'write') written.add(entry.key);
  }
  const keys = [...written].toSorted();
  await scripts.recordRest(keys);
}

/** Whether a push may have come to nothing: lost, or forgotten with who is to get it. */
const mayLose = ({ network, faults, storages }: Scenario): boolean =>
  (network.lossShare ?? 0) > 0 ||
  faults.some(
    (fault) =>
      (fault.kind === 'partition' && fault.manner === 'lose') ||
      (fault.kind === 'crash' && storages.includes(fault.machine)),
  );

const hasLeftovers = (cluster: SimCluster): boolean =>
  cluster.leftovers().some(({ pinned, calls }) => pinned + calls > 0);

/** Runs turns until `play` is over; returns how many. */
async function drive(queue: EventQueue, play: Promise<void>, turnsMax: number): Promise<number> {
  const state = { isOver: false };
  const over = play.finally(() => {
    state.isOver = true;
  });
  let turns = 0;
  await settle();
  while (!state.isOver) {
    assert(turns < turnsMax, () => `The simulation did not end in ${turnsMax} turns`);
    assert(queue.runNext(), 'Nothing is left to happen, and a client still waits');
    turns += 1;
    if (queue.takePromise()) await settle();
  }
  await over;
  return turns;
}

/** Lets promises that the last turn settled reach whoever waits for them. */
async function settle(): Promise<void> {
  for (let hop = 0; hop < PROMISE_HOPS; hop += 1) await SETTLED;
}
