/**
 * The state API of one call (api.md, "Functions"). Wrong arguments throw at once; what the platform
 * refuses rejects.
 */
import { encode } from './encode.ts';
import { lattice } from './lattice.ts';
import { operandOf } from './operand.ts';
import { writeLine } from './log.ts';
import {
  isArray,
  isFinite,
  isWellFormed,
  list,
  toText,
  TypeErrorConstructor,
} from './primordials.ts';
import { ask, readAll, readMessage, readNothing, readOne } from './requests.ts';
import type { Message } from './requests.ts';

/** Characters, as `KEY_LENGTH_MAX` of core. */
const KEY_LENGTH_MAX = 1024;

/** Keys of one get: all of them are arguments of one call into the host. */
const KEYS_PER_GET_MAX = 10_000;

function checkKey(call: string, key: unknown): asserts key is string {
  let found: string = typeof key;
  if (typeof key === 'string') {
    const hasLength = key.length > 0 && key.length <= KEY_LENGTH_MAX;
    if (hasLength && isWellFormed(key)) return;
    found = hasLength
      ? 'one with half of a surrogate pair'
      : `one of ${toText(key.length)} characters`;
  }
  throw new TypeErrorConstructor(
    `${call}: a key is a non-empty string of at most ${toText(KEY_LENGTH_MAX)} characters; this is ${found}.`,
  );
}

function texts(...values: readonly string[]): readonly string[] {
  return values;
}

function encodeDefined(call: string, subject: string, value: unknown): string {
  const text = encode(`${call}: ${subject}`, value);
  if (text !== undefined) return text;
  throw new TypeErrorConstructor(
    `${call}: ${subject} is undefined; use null, or cloud.delete(key).`,
  );
}

function getAll(slot: number, keys: unknown[]): Promise<unknown[]> {
  if (keys.length > KEYS_PER_GET_MAX) {
    throw new TypeErrorConstructor(
      `cloud.get: these are ${toText(keys.length)} keys; at most ${toText(KEYS_PER_GET_MAX)} in one call.`,
    );
  }
  const wanted = list<string>();
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    checkKey('cloud.get', key);
    wanted[index] = key;
  }
  return ask(slot, 'get', wanted, readAll);
}

function merge(slot: number, key: unknown, value: unknown): Promise<void> {
  checkKey('cloud.merge', key);
  const operand = operandOf(value);
  if (operand === undefined) {
    throw new TypeErrorConstructor(
      'cloud.merge: the second argument is made by cloud.lattice.counter, .set, .map or .max.',
    );
  }
  const values = list<number | string>();
  values[0] = key;
  values[1] = operand.kind;
  for (let index = 0; index < operand.texts.length; index += 1) {
    values[index + 2] = operand.texts[index] ?? '';
  }
  return ask(slot, 'merge', values, readNothing);
}

function receive(slot: number, options: unknown): Promise<Message | undefined> {
  const given = typeof options === 'object' && options !== null ? options : {};
  const { timeoutMs } = given as { timeoutMs?: unknown };
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 0)) {
    throw new TypeErrorConstructor('cloud.recv: timeoutMs is a number of milliseconds, 0 or more.');
  }
  const values = list<number>();
  if (timeoutMs !== undefined && isFinite(timeoutMs)) values[0] = timeoutMs;
  return ask(slot, 'receive', values, readMessage);
}

function send(slot: number, to: unknown, message: unknown): Promise<void> {
  if (typeof to !== 'string' || to === '') {
    throw new TypeErrorConstructor('cloud.send: the first argument is the id of an invocation.');
  }
  return ask(
    slot,
    'send',
    texts(to, encodeDefined('cloud.send', 'the message', message)),
    readNothing,
  );
}

function put(slot: number, key: unknown, value: unknown): Promise<void> {
  checkKey('cloud.put', key);
  return ask(slot, 'put', texts(key, encodeDefined('cloud.put', 'the value', value)), readNothing);
}

function get(slot: number, keys: unknown): Promise<unknown> {
  if (isArray(keys)) return getAll(slot, keys);
  checkKey('cloud.get', keys);
  return ask(slot, 'get', texts(keys), readOne);
}

/** Belongs to one call: the slot inside the closures is what the host knows the call by. */
export function makeCloud(slot: number, id: string): object {
  return {
    id,
    lattice,
    get: (keys: unknown) => get(slot, keys),
    siblings: (key: unknown) => {
      checkKey('cloud.siblings', key);
      return ask(slot, 'siblings', texts(key), readAll);
    },
    put: (key: unknown, value: unknown) => put(slot, key, value),
    delete: (key: unknown) => {
      checkKey('cloud.delete', key);
      return ask(slot, 'delete', texts(key), readNothing);
    },
    merge: (key: unknown, value: unknown) => merge(slot, key, value),
    flush: () => ask(slot, 'flush', texts(), readNothing),
    send: (to: unknown, message: unknown) => send(slot, to, message),
    recv: (options: unknown) => receive(slot, options),
    log: (...values: readonly unknown[]) => {
      writeLine(slot, 'info', values);
    },
  };
}
