/**
 * Does the steps of the scenario's clients against the client role, and writes down what they get.
 */
import {
  assert,
  toVersionVector,
  valueOf,
  versionOf,
  type Argument,
  type ArgumentMap,
  type FunctionDefinition,
  type InvocationAnswer,
  type InvocationId,
  type Key,
  type Result,
  type VectorClock,
} from '@stormglass/core';
import type { Client, RegistryChange } from '../../client/client.ts';
import type { EventQueue } from './event-queue.ts';
import type { AnswerEntry, GetEntry, History, HistoryEntry } from './history.ts';
import { canonicalText } from './plain-data.ts';
import type {
  ClientStep,
  InvokeStep,
  Scenario,
  ScenarioArgument,
  ScenarioFunction,
} from './scenario.ts';
import type { SimCluster } from './sim-cluster.ts';
import type { SimEventLog } from './sim-event-sink.ts';
import { tryOf } from './tries.ts';

export interface ClientScriptsOptions {
  readonly queue: EventQueue;
  readonly cluster: SimCluster;
  readonly log: SimEventLog;
  readonly scenario: Scenario;
  /** What was recorded so far. */
  readonly history: History;
  readonly record: (entry: HistoryEntry) => void;
}

/** How long a client waits for an answer; longer than any invocation may take. */
const PATIENCE_MS = 60_000;
/** How often a client asks at most, the first time included. */
const TRIES_MAX = 5;
const UNANSWERED = Symbol('unanswered');

const isUnanswered = (answer: unknown): answer is typeof UNANSWERED => answer === UNANSWERED;

const FUNCTION_TIMEOUT_MS = 10_000;
const FUNCTION_MEMORY_MB = 64;

export class ClientScripts {
  readonly #options: ClientScriptsOptions;

  constructor(options: ClientScriptsOptions) {
    this.#options = options;
  }

  /** Registers what the scenario names. */
  async register(): Promise<void> {
    const { cluster, scenario } = this.#options;
    const changes: readonly RegistryChange[] = [
      ...scenario.functions.map((declared) => ({
        what: 'put-function' as const,
        definition: definitionOf(declared),
      })),
      ...scenario.dags.map(({ name, nodes, edges }) => ({
        what: 'put-dag' as const,
        dag: { name, nodes: [...nodes], edges: [...edges], version: 0 },
      })),
    ];
    for (const change of changes) {
      const { client } = await cluster.connect();
      const { failure } = await client.register(change);
      assert(failure === undefined, `Refused: ${failure?.detail}`);
    }
  }

  /** Resolves when every client has done its last step. */
  async runAll(): Promise<void> {
    const { scenario } = this.#options;
    await Promise.all(scenario.clients.map((steps, client) => this.#runClient(client, steps)));
  }

  async read(kind: GetEntry['kind'], client: number, key: Key): Promise<void> {
    const { queue, record } = this.#options;
    const capsule = await this.#ask({ client, key }, (role) => role.get(key));
    if (isUnanswered(capsule)) return;
    record({
      kind,
      atUs: queue.nowUs,
      client,
      key,
      version: capsule === undefined ? {} : toVersionVector(versionOf(capsule)),
      value: capsule === undefined ? undefined : valueOf(capsule),
    });
    if (kind === 'get') return;
    const held = { place: 'storage', key, capsule: capsule ?? 'absent' } as const;
    record({ kind: 'held', atUs: queue.nowUs, ...held });
  }

  /**
   * What storage has for these keys, what every cache serves, and what workers still hold on to.
   */
  async recordRest(keys: readonly Key[]): Promise<void> {
    const { cluster, queue, record } = this.#options;
    const leftovers = cluster.leftovers();
    for (const leftover of leftovers) record({ kind: 'leftover', atUs: queue.nowUs, ...leftover });
    for (const key of keys) {
      await this.read('final', 0, key);
      for (const { worker } of leftovers) {
        const served = await cluster.ask(worker, key);
        const version = served === 'absent' ? {} : toVersionVector(versionOf(served));
        record({ kind: 'served', atUs: queue.nowUs, worker, key, version });
        record({ kind: 'held', atUs: queue.nowUs, place: `cache ${worker}`, key, capsule: served });
      }
    }
  }

  wait(durationMs: number): Promise<void> {
    const { queue } = this.#options;
    return new Promise((resolve) => {
      queue.after(durationMs * 1000, () => {
        queue.notePromise();
        resolve();
      });
    });
  }

  async #runClient(client: number, steps: readonly ClientStep[]): Promise<void> {
    let sessionToken: string | undefined;
    for (const step of steps) {
      if (step.do === 'invoke') {
        const continued = step.continuesSession === true ? sessionToken : undefined;
        sessionToken = (await this.#invoke(client, step, continued)) ?? sessionToken;
      } else await this.#do(client, step);
    }
  }

  /**
   * The answer is recorded where it arrives. Resolves with the session's token, if the invocation
   * succeeded.
   */
  async #invoke(
    client: number,
    step: InvokeStep,
    sessionToken: string | undefined,
  ): Promise<string | undefined> {
    for (let number = 1; number <= TRIES_MAX; number += 1) {
      const invocation = tryOf(step.invocation, number);
      const answer = await this.#ask({ client, invocation }, (role) =>
        invokeAs(role, { invocation, step, sessionToken }),
      );
      if (!isUnanswered(answer)) {
        if (answer.invocation !== invocation) this.#recordKept(answer);
        return answer.failure === undefined ? answer.sessionToken : undefined;
      }
      if (step.idempotencyKey === undefined) return undefined;
    }
    return undefined;
  }

  /**
   * An earlier try has had this answer. The server may have had it too, and died before it told the
   * client; then this is no second one, unless it is another.
   */
  #recordKept({ invocation, attempts, results, failure }: InvocationAnswer): void {
    const { queue, record, history } = this.#options;
    const kept: AnswerEntry = {
      kind: 'answer',
      atUs: queue.nowUs,
      invocation,
      attempts,
      results: [...results],
      failure: failure?.type,
    };
    const isKnown = history.some(
      (entry) =>
        entry.kind === 'answer' &&
        canonicalText({ ...entry, atUs: kept.atUs }) === canonicalText(kept),
    );
    if (!isKnown) record(kept);
  }

  /** Asks the server that is up; in vain when that dies meanwhile, or never answers. */
  async #ask<Answer>(
    asked: { readonly client: number; readonly invocation?: InvocationId; readonly key?: Key },
    ask: (client: Client) => Promise<Answer>,
  ): Promise<Answer | typeof UNANSWERED> {
    const { cluster, queue, record } = this.#options;
    const { client, lost } = await cluster.connect();
    const silence = Promise.withResolvers<'silence'>();
    const cancel = queue.after(PATIENCE_MS * 1000, () => {
      queue.notePromise();
      silence.resolve('silence');
    });
    const outcome = await Promise.race([
      ask(client).then((answer) => ({ answer })),
      lost.then(() => 'server-lost' as const),
      silence.promise,
    ]);
    cancel();
    if (typeof outcome === 'object') return outcome.answer;
    record({ kind: 'unanswered', atUs: queue.nowUs, ...asked, why: outcome });
    return UNANSWERED;
  }

  async #do(client: number, step: Exclude<ClientStep, InvokeStep>): Promise<void> {
    const { network } = this.#options.cluster;
    switch (step.do) {
      case 'put':
        await this.#write(client, step.key, (role) =>
          role.put(step.key, JSON.stringify(step.value)),
        );
        break;
      case 'delete':
        await this.#write(client, step.key, (role) => role.delete(step.key));
        break;
      case 'get':
        await this.read('get', client, step.key);
        break;
      case 'wait':
        await this.wait(step.durationMs);
        break;
      case 'await-event':
        await this.#awaitEvent(step);
        break;
      case 'hold':
        network.hold(step.from, step.to);
        break;
      case 'cut':
        network.cut(step.from, step.to);
        break;
      case 'heal':
        network.heal(step.from, step.to);
        break;
      case 'crash-worker':
        this.#options.cluster.crashWorker(step.worker, step.restartAfterMs);
        break;
      case 'crash-storage':
        this.#options.cluster.crashStorage(step.storage, step.restartAfterMs);
        break;
    }
  }

  async #write(
    client: number,
    key: Key,
    write: (role: Client) => Promise<Result<VectorClock>>,
  ): Promise<void> {
    const { queue, record } = this.#options;
    const written = await this.#ask({ client, key }, write);
    if (isUnanswered(written)) return;
    record({
      kind: 'put',
      atUs: queue.nowUs,
      client,
      key,
      version: written.ok ? toVersionVector(written.value) : {},
      failure: written.ok ? undefined : written.failure.type,
    });
  }

  #awaitEvent(step: Extract<ClientStep, { do: 'await-event' }>): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#options.log.watch((event) => {
        if (event.kind !== step.kind) return;
        if (step.node !== undefined && !('node' in event && event.node === step.node)) return;
        stop();
        this.#options.queue.notePromise();
        resolve();
      });
    });
  }
}

async function invokeAs(
  role: Client,
  request: {
    readonly invocation: InvocationId;
    readonly step: InvokeStep;
    readonly sessionToken: string | undefined;
  },
): Promise<InvocationAnswer> {
  const { invocation, step, sessionToken } = request;
  const { idempotencyKey: key } = step;
  const whole = {
    invocation,
    target: { dag: step.dag },
    arguments: argumentsOf(step),
    consistency: step.level,
    sessionToken,
    trace: true,
  };
  if (key === undefined) return role.invoke(whole);
  const identity = { key, digests: new Map([['step', step.invocation]]) };
  const answer = await role.invokeOnce({ ...whole, identity });
  assert(answer.ok, `The key ${key} belongs to one step`);
  return answer.value;
}

/** The host finds the script by the name; there is no source. */
const definitionOf = ({
  name,
  parameters,
  usesCloud = true,
}: ScenarioFunction): FunctionDefinition => ({
  name,
  version: 0,
  language: 'javascript',
  source: '',
  javascript: '',
  parameters: parameters.map((parameter) => ({ name: parameter, required: false })),
  ...(usesCloud ? { cloudPosition: parameters.length } : {}),
  timeoutMs: FUNCTION_TIMEOUT_MS,
  memoryMb: FUNCTION_MEMORY_MB,
});

const argumentsOf = (step: InvokeStep): ArgumentMap =>
  new Map(
    [...(step.arguments ?? [])].map(([node, parameters]) => [
      node,
      new Map([...parameters].map(([name, argument]) => [name, encoded(argument)])),
    ]),
  );

const encoded = (argument: ScenarioArgument): Argument =>
  'ref' in argument ? { ref: argument.ref } : { value: JSON.stringify(argument.value) };
