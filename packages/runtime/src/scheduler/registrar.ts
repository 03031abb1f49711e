/**
 * Registers, replaces and deletes functions and DAGs: durable in storage first, then in the
 * registry, then answered. Changes of one name are applied in the order they came.
 */
import {
  dag as dagSchema,
  describeDagProblem,
  functionDefinition as functionSchema,
  nextTimestamp,
  registerOf,
  SCHEDULER,
  validateDag,
  valueOf,
  EMPTY_CLOCK,
  NO_DEPENDENCIES,
  type Capsule,
  type Failure,
  type HybridTimestamp,
  type MessageOf,
  type Space,
} from '@stormglass/core';
import type { Ports } from '../ports/ports.ts';
import type { Registry } from './registry.ts';
import type { StorageLink } from './storage-link.ts';

type Register = MessageOf<'scheduler.register'>;

interface Change {
  readonly space: Space;
  readonly name: string;
  /** JSON text of what is registered; `null` deletes. */
  readonly text: string | null;
  readonly version: number;
  readonly created: boolean;
  readonly apply: () => void;
  readonly event: 'function-registered' | 'function-deleted' | 'dag-registered' | 'dag-deleted';
}

export class Registrar {
  readonly #ports: Ports;
  readonly #registry: Registry;
  readonly #storage: StorageLink;
  #lastTimestamp: HybridTimestamp = 0;
  /** Changes wait for each other, so a check never runs against a registry that is about to change. */
  readonly #queue: Register[] = [];
  #isBusy = false;

  constructor(options: {
    readonly ports: Ports;
    readonly registry: Registry;
    readonly storage: StorageLink;
  }) {
    this.#ports = options.ports;
    this.#registry = options.registry;
    this.#storage = options.storage;
  }

  /** Reads what an earlier run of the cluster registered. */
  load(onLoaded: () => void): void {
    this.#isBusy = true;
    this.#storage.scanAll('functions', (functions) => {
      for (const [, capsule] of functions) {
        const parsed = functionSchema.safeParse(parseStored(capsule));
        if (parsed.success) this.#registry.putFunction(parsed.data);
      }
      this.#storage.scanAll('dags', (dags) => {
        for (const [, capsule] of dags) {
          const parsed = dagSchema.safeParse(parseStored(capsule));
          if (parsed.success) this.#registry.putDag(parsed.data);
        }
        this.#isBusy = false;
        onLoaded();
        this.#next();
      });
    });
  }

  onRegister(message: Register): void {
    this.#queue.push(message);
    this.#next();
  }

  #next(): void {
    if (this.#isBusy) return;
    const message = this.#queue.shift();
    if (message === undefined) return;
    const change = this.#changeOf(message.change);
    if ('type' in change) {
      this.#answer(message, { version: 0, created: false, failure: change });
      this.#next();
      return;
    }
    this.#isBusy = true;
    this.#lastTimestamp = nextTimestamp(this.#lastTimestamp, this.#ports.clock.wallMs());
    const capsule = registerOf({
      writer: SCHEDULER,
      timestamp: this.#lastTimestamp,
      context: EMPTY_CLOCK,
      dependencies: NO_DEPENDENCIES,
      value: change.text,
    });
    this.#storage.merge(change.space, change.name, capsule, ({ failure }) => {
      this.#isBusy = false;
      if (failure === undefined) {
        change.apply();
        this.#ports.events.emit({ kind: 'cluster.changed', change: change.event, id: change.name });
      }
      this.#answer(message, { ...change, failure });
      this.#next();
    });
  }

  #answer(
    message: Register,
    answer: {
      readonly version: number;
      readonly created: boolean;
      readonly failure?: Failure | undefined;
    },
  ): void {
    this.#ports.transport.send(message.from, {
      type: 'registered',
      request: message.request,
      version: answer.version,
      created: answer.created,
      failure: answer.failure,
    });
  }

  #changeOf(change: Register['change']): Change | Failure {
    switch (change.what) {
      case 'put-function':
        return this.#putFunction(change.definition);
      case 'delete-function':
        return this.#deleteFunction(change.name);
      case 'put-dag':
        return this.#putDag(change.dag);
      case 'delete-dag':
        return this.#deleteDag(change.name);
    }
  }

  #putFunction(given: Extract<Register['change'], { what: 'put-function' }>['definition']): Change {
    const version = this.#registry.nextFunctionVersion(given.name);
    const definition = { ...given, version };
    return {
      space: 'functions',
      name: given.name,
      text: JSON.stringify(definition),
      version,
      created: this.#registry.function(given.name) === undefined,
      apply: () => this.#registry.putFunction(definition),
      event: 'function-registered',
    };
  }

  #deleteFunction(name: string): Change | Failure {
    const definition = this.#registry.function(name);
    if (definition === undefined) {
      return {
        type: 'function-not-found',
        function: name,
        detail: `There is no function ${name}.`,
      };
    }
    const users = this.#registry.dagsUsing(name);
    if (users.length > 0) {
      return {
        type: 'function-in-use',
        function: name,
        detail: `${name} is used by ${users.join(', ')}. Delete or change the DAG first.`,
      };
    }
    return {
      space: 'functions',
      name,
      text: null,
      version: definition.version,
      created: false,
      apply: () => this.#registry.deleteFunction(name),
      event: 'function-deleted',
    };
  }

  #putDag(given: Extract<Register['change'], { what: 'put-dag' }>['dag']): Change | Failure {
    const [problem] = validateDag(given, (name) => this.#registry.function(name));
    if (problem !== undefined) return { ...problem, detail: describeDagProblem(problem) };
    const version = this.#registry.nextDagVersion(given.name);
    const dag = { ...given, version };
    return {
      space: 'dags',
      name: given.name,
      text: JSON.stringify({
        ...dag,
        layout: dag.layout === undefined ? undefined : [...dag.layout],
      }),
      version,
      created: this.#registry.dag(given.name) === undefined,
      apply: () => this.#registry.putDag(dag),
      event: 'dag-registered',
    };
  }

  #deleteDag(name: string): Change | Failure {
    const dag = this.#registry.dag(name);
    if (dag === undefined) return { type: 'dag-not-found', detail: `There is no DAG ${name}.` };
    return {
      space: 'dags',
      name,
      text: null,
      version: dag.version,
      created: false,
      apply: () => this.#registry.deleteDag(name),
      event: 'dag-deleted',
    };
  }
}

/** The stored form of a DAG has its layout as pairs, because JSON has no maps. */
const parseStored = (capsule: Capsule): unknown => {
  const text = valueOf(capsule);
  if (text === undefined) return undefined;
  const stored: unknown = JSON.parse(text);
  if (typeof stored !== 'object' || stored === null) return stored;
  if (!('layout' in stored) || !Array.isArray(stored.layout)) return stored;
  return { ...stored, layout: new Map(stored.layout) };
};
