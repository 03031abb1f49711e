/**
 * User functions of a simulation: generators that yield what they ask of `cloud` and are resumed
 * with the reply, so a call runs step by step without a promise. `get`, `put` and the others below
 * are for `yield*`.
 */
import type { EncodedValue, Failure, Key, MergeOperand } from '@stormglass/core';
import type { LibraryReply, LibraryRequest } from '../../ports/function-host.ts';

/** Takes virtual time. */
export interface Work {
  readonly operation: 'work';
  readonly durationMs: number;
}

/** What `cloud.id` gives; takes no time, and nobody hears of it. */
interface OwnId {
  readonly operation: 'id';
}

export type ScriptStep = LibraryRequest | Work | OwnId;
export type ScriptRun = Generator<ScriptStep, unknown, LibraryReply>;

/** Arguments in the order of the parameters, decoded; the result is JSON data. */
export type Script = (...parameters: readonly unknown[]) => ScriptRun;

type Step<T> = Generator<ScriptStep, T, LibraryReply>;

/** What user code catches when the platform refuses a request. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }

  get code(): string {
    return this.failure.type;
  }
}

const decode = (value: EncodedValue | undefined): unknown =>
  value === undefined ? undefined : JSON.parse(value);

function* valuesOf(request: LibraryRequest | OwnId): Step<readonly unknown[]> {
  const reply = yield request;
  return reply.status === 'values' ? reply.values.map(decode) : [];
}

export function* get(key: Key): Step<unknown> {
  const [value] = yield* valuesOf({ operation: 'get', keys: [key] });
  return value;
}

/** The address of the call. */
export function* callId(): Step<string> {
  const [id] = yield* valuesOf({ operation: 'id' });
  return String(id);
}

/** Several keys in one round trip, in their order. */
export function* getAll(keys: readonly Key[]): Step<readonly unknown[]> {
  return yield* valuesOf({ operation: 'get', keys });
}

export function* siblings(key: Key): Step<readonly unknown[]> {
  return yield* valuesOf({ operation: 'siblings', key });
}

export function* put(key: Key, value: unknown): Step<void> {
  yield { operation: 'put', key, value: JSON.stringify(value) };
}

export function* remove(key: Key): Step<void> {
  yield { operation: 'delete', key };
}

export function* merge(key: Key, operand: MergeOperand): Step<void> {
  yield { operation: 'merge', key, operand };
}

/** Commits what the session has written so far. */
export function* flush(): Step<void> {
  yield { operation: 'flush' };
}

/** @param to what `callAddress` gives of the recipient */
export function* send(to: string, message: unknown): Step<void> {
  yield { operation: 'send', to, message: JSON.stringify(message) };
}

/** The message, or `undefined` when none came in this time. */
export function* receive(timeoutMs: number): Step<unknown> {
  const reply = yield { operation: 'receive', timeoutMs };
  return reply.status === 'message' ? decode(reply.message) : undefined;
}

export function* work(durationMs: number): Step<void> {
  yield { operation: 'work', durationMs };
}
