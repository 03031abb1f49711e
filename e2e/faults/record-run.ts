/**
 * Clients call a running cluster at every level while its processes are killed; everything that
 * they asked and were answered is written down.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  ApiClient,
  keyPath,
  type InvocationAnswer,
  type KeyDetail,
  type Level,
  type Problem,
} from '../api-client.ts';
import { waitUntil, type ServerProcess } from '../server-process.ts';
import { drawChance, drawOne, drawPlan, counterOf, registersOf } from './draw.ts';
import {
  PERFORM,
  performSource,
  shapes,
  type Action,
  type Performed,
  type Stored,
} from './perform.ts';

const RETRY_DELAY_MS = 50;
const RETRY_TIMEOUT_MS = 30_000;

/** An invocation as its client knows it. */
export interface Asked {
  readonly label: string;
  readonly level: Level;
  readonly shape: string;
  readonly plans: Readonly<Record<string, readonly Action[]>>;
  /** The label of the invocation whose session it continues. */
  readonly continues: string | undefined;
  /** How often it was sent before there was an answer. */
  readonly requests: number;
  readonly outcome:
    | { readonly status: 'ok'; readonly performed: readonly Performed[]; readonly attempts: number }
    | { readonly status: 'failed'; readonly problem: Problem }
    | { readonly status: 'unknown' };
}

/** What one place holds at the end: key → what it shows. */
export interface AtRest {
  readonly place: string;
  readonly registers: ReadonlyMap<string, readonly Stored[]>;
  /** Registers whose newest write is a delete: a plain get finds nothing, whatever stands beside. */
  readonly deleted: ReadonlySet<string>;
  readonly counters: ReadonlyMap<string, number | null>;
}

export interface RecordedRun {
  readonly asked: readonly Asked[];
  readonly atRest: readonly AtRest[];
  readonly faults: ReadonlyMap<Fault, number>;
}

export interface RunOptions {
  readonly levels: readonly Level[];
  readonly clientsPerLevel: number;
  readonly durationMs: number;
  /** Goes on for longer while this is false, on a slow machine; at most {@link EXTRA_TIME_MS}. */
  readonly isEnough?: ((soFar: Pick<RecordedRun, 'asked' | 'faults'>) => boolean) | undefined;
  /** Between two faults, on average. */
  readonly faultEveryMs: number;
  readonly nextFault: () => Fault;
}

/** SIGKILL to a worker, SIGSTOP for a moment, or SIGKILL to all and a new start. */
export type Fault = 'worker killed' | 'worker paused' | 'everything killed';

const PAUSE_MS = 300;
const EXTRA_TIME_MS = 45_000;

const isPerformed = (value: unknown): value is Performed[] =>
  Array.isArray(value) &&
  value.every((entry: unknown) => typeof entry === 'object' && entry !== null && 'seen' in entry);

/** Every call once, whichever sinks tell of it. */
function performedOf(answer: InvocationAnswer): readonly Performed[] {
  const results = answer.results === undefined ? [answer.result] : Object.values(answer.results);
  const calls = results.flatMap((result) => {
    if (!isPerformed(result)) throw new Error(`No record: ${JSON.stringify(answer)}`);
    return result;
  });
  return [...new Map(calls.map((call) => [call.by, call])).values()];
}

class RecordingClient {
  readonly #name: string;
  readonly #api: ApiClient;
  readonly #level: Level;
  #count = 0;
  #previous: { readonly label: string; readonly session: string } | undefined;
  readonly asked: Asked[] = [];

  constructor(name: string, api: ApiClient, level: Level) {
    this.#name = name;
    this.#api = api;
    this.#level = level;
  }

  async call(): Promise<void> {
    this.#count += 1;
    const label = `${this.#name}-${this.#count}`;
    const shape = drawOne(Object.keys(shapes));
    const nodes = shapes[shape]?.nodes ?? [];
    const plans = Object.fromEntries(
      nodes.map(({ id }) => [id, drawPlan(this.#level, `${label}.${id}`)]),
    );
    const before = drawChance(0.5) ? this.#previous : undefined;
    const known = {
      label,
      level: this.#level,
      shape,
      plans,
      continues: before?.label,
    };
    const { requests, outcome, session } = await this.#ask(label, shape, plans, before?.session);
    this.asked.push({ ...known, requests, outcome });
    if (session !== undefined) this.#previous = { label, session };
  }

  /** The key makes a question that is asked again the same question. */
  async #ask(
    label: string,
    shape: string,
    plans: Readonly<Record<string, readonly Action[]>>,
    session: string | undefined,
  ): Promise<Pick<Asked, 'requests' | 'outcome'> & { readonly session?: string }> {
    const args = Object.fromEntries(
      Object.entries(plans).map(([node, plan]) => [node, { node, plan }]),
    );
    const untilMs = performance.now() + RETRY_TIMEOUT_MS;
    for (let requests = 1; ; requests += 1) {
      const answer = await this.#api
        .send<InvocationAnswer | Problem>(
          'POST',
          `/api/v1/dags/${shape}/invocations`,
          { arguments: args, consistency: this.#level, session, timeoutMs: 10_000 },
          { 'idempotency-key': label },
        )
        .catch(() => undefined);
      if (answer === undefined && performance.now() < untilMs) {
        await delay(RETRY_DELAY_MS);
        continue;
      }
      if (answer === undefined) return { requests, outcome: { status: 'unknown' } };
      const { body } = answer;
      if ('type' in body) return { requests, outcome: { status: 'failed', problem: body } };
      const { attempts } = body;
      const performed = performedOf(body);
      return { requests, outcome: { status: 'ok', performed, attempts }, session: body.session };
    }
  }
}

/** True when there was something to strike. */
async function strike(server: ServerProcess, api: ApiClient, fault: Fault): Promise<boolean> {
  if (fault === 'everything killed') {
    await server.killEverything();
    await server.start();
    return true;
  }
  // One that is being replaced has no process.
  const running = (await api.cluster()).workers.filter(({ pid }) => pid > 0);
  if (running.length === 0) return false;
  const worker = drawOne(running);
  if (fault === 'worker paused') {
    process.kill(worker.pid, 'SIGSTOP');
    await delay(PAUSE_MS);
    process.kill(worker.pid, 'SIGCONT');
  } else await api.send('POST', `/api/v1/cluster/workers/${worker.id}/kill`);
  return true;
}

/** The server may be used by nobody else. */
export async function recordRun(server: ServerProcess, options: RunOptions): Promise<RecordedRun> {
  const api = new ApiClient(server.url);
  await api.putFunction(PERFORM, performSource);
  for (const [name, dag] of Object.entries(shapes)) await api.putDag(name, dag);
  const clients = options.levels.flatMap((level) =>
    Array.from(
      { length: options.clientsPerLevel },
      (_, index) => new RecordingClient(`${level}-${index}`, api, level),
    ),
  );
  const faults = new Map<Fault, number>();
  const untilMs = performance.now() + options.durationMs;
  const askedSoFar = (): readonly Asked[] => clients.flatMap((client) => client.asked);
  const isOver = (): boolean => {
    const overMs = performance.now() - untilMs;
    if (overMs < 0 || overMs > EXTRA_TIME_MS) return overMs > 0;
    return options.isEnough?.({ asked: askedSoFar(), faults }) ?? true;
  };
  const work = clients.map(async (client) => {
    while (!isOver()) await client.call();
  });
  const fight = async (): Promise<void> => {
    while (!isOver()) {
      const pauseMs = options.faultEveryMs * (0.5 + Math.random());
      const leftMs = untilMs - performance.now();
      await delay(leftMs > 0 ? Math.min(pauseMs, leftMs) : pauseMs);
      if (isOver()) return;
      const fault = options.nextFault();
      if (await strike(server, api, fault)) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    }
  };
  await Promise.all([...work, fight()]);
  return { asked: askedSoFar(), atRest: await lookAtRest(api, options.levels), faults };
}

const isStored = (value: unknown): value is Stored =>
  typeof value === 'object' && value !== null && 'write' in value && 'by' in value;

/** Storage as the API shows it, and every cache by functions that happened to run beside it. */
async function lookAtRest(api: ApiClient, levels: readonly Level[]): Promise<readonly AtRest[]> {
  const registers = new Map<string, readonly Stored[]>();
  const deleted = new Set<string>();
  const counters = new Map<string, number | null>();
  for (const level of levels) {
    for (const key of registersOf(level)) {
      const { status, body } = await api.get<KeyDetail>(keyPath(key));
      if (status === 404) deleted.add(key);
      else registers.set(key, body.siblings.map(({ value }) => value).filter(isStored));
    }
    const { value } = await api.key(counterOf(level));
    counters.set(counterOf(level), typeof value === 'number' ? value : null);
  }
  const storage: AtRest = { place: 'storage', registers, deleted, counters };
  const { workers } = await api.cluster();
  const places = new Map<string, AtRest>();
  await waitUntil('every cache was looked at', 20_000, async () => {
    const seen = await lookThroughACache(api, levels);
    for (const place of seen) places.set(place.place, place);
    return workers.every(({ id }) => places.has(id));
  });
  return [storage, ...places.values()];
}

async function lookThroughACache(
  api: ApiClient,
  levels: readonly Level[],
): Promise<readonly AtRest[]> {
  const plan = levels.flatMap((level): readonly Action[] => [
    ...registersOf(level).map((key): Action => ({ do: 'siblings', key })),
    { do: 'count', key: counterOf(level) },
  ]);
  const args = Object.fromEntries(
    (shapes['fan-out']?.nodes ?? []).map(({ id }) => [id, { node: id, plan }]),
  );
  const { body } = await api.invokeDag('fan-out', args, { consistency: 'lww', trace: 'full' });
  const trace = await api.trace(body.invocation);
  const workerOf = new Map(
    trace.flatMap(({ kind, node, worker }) =>
      kind === 'function.started' && node !== undefined && worker !== undefined
        ? [[node, worker] as const]
        : [],
    ),
  );
  return performedOf(body).map(({ node, seen }) => ({
    place: workerOf.get(node) ?? `node ${node}`,
    registers: new Map(seen.flatMap(({ action, found }) => (found ? [[action.key, found]] : []))),
    counters: new Map(
      seen.flatMap(({ action, state }) => (state === undefined ? [] : [[action.key, state]])),
    ),
    deleted: new Set<string>(),
  }));
}
