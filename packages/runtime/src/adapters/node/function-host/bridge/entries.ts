/**
 * Where the host enters the isolate: to start a call, to answer what a call asked, to forget
 * answers.
 */
import { makeCloud } from './cloud.ts';
import { decode } from './decode.ts';
import { display, isError, readText, shorten, TEXT_LENGTH_MAX } from './display.ts';
import { encode } from './encode.ts';
import { connectHost, settle } from './host.ts';
import type { HostCalls } from './host.ts';
import { enterSlot, userConsole } from './log.ts';
import {
  apply,
  defineProperty,
  ErrorConstructor,
  getPrototypeOf,
  list,
  PromiseConstructor,
  promisePrototype,
  subscribe,
} from './primordials.ts';
import { refusalType } from './refusal.ts';
import { answerTicket, dropTicket, slotOf } from './requests.ts';

const NAME_LENGTH_MAX = 200;
const STACK_LENGTH_MAX = 20_000;
/** Frames of the bridge are cut from what users see, so more are taken than V8's ten. */
const STACK_FRAMES = 20;

/**
 * Compiled code and shared memory reach past the limits of the isolate; callbacks of the collector
 * would run user code on another thread, in no entry and under no limit.
 */
const REMOVED_GLOBALS = [
  'WebAssembly',
  'SharedArrayBuffer',
  'Atomics',
  'FinalizationRegistry',
  'WeakRef',
];

type UserFunction = (...values: readonly unknown[]) => unknown;

let userFunction: UserFunction = () => undefined;
let cloudPosition = -1;

/** Prepares the realm; runs before any user code. */
export function connect(
  request: HostCalls['request'],
  log: HostCalls['log'],
  settleCall: HostCalls['settle'],
): void {
  connectHost({ request, log, settle: settleCall });
  ErrorConstructor.stackTraceLimit = STACK_FRAMES;
  for (const name of REMOVED_GLOBALS) Reflect.deleteProperty(globalThis, name);
  defineProperty(globalThis, 'console', {
    value: userConsole,
    writable: false,
    configurable: false,
    enumerable: false,
  });
}

/** `position` is that of `cloud` in the signature, -1 when it is not there. */
export function install(entry: UserFunction, position: number): void {
  userFunction = entry;
  cloudPosition = position;
}

function settleThrown(slot: number, thrown: unknown): void {
  if (!isError(thrown)) {
    settle(slot, 'threw', 'Error', `${display(thrown)} was thrown, which is no Error`, '');
    return;
  }
  const name = shorten(readText(thrown, 'name'), NAME_LENGTH_MAX);
  const message = shorten(readText(thrown, 'message'), TEXT_LENGTH_MAX);
  const stack = shorten(readText(thrown, 'stack'), STACK_LENGTH_MAX);
  settle(slot, 'threw', name, message, stack, refusalType(thrown));
}

function settleResult(slot: number, result: unknown): void {
  let text: string | undefined;
  try {
    text = encode('The result', result);
  } catch (error) {
    settleThrown(slot, error);
    return;
  }
  settle(slot, 'returned', text);
}

function follow(slot: number, promise: Promise<unknown>): void {
  // `then` asks the promise for its constructor, which user code may have replaced on the
  // prototype.
  void defineProperty(promise, 'constructor', {
    __proto__: null,
    value: undefined,
    configurable: true,
  } as PropertyDescriptor);
  void subscribe(
    promise,
    (value) => {
      settleResult(slot, value);
    },
    (error: unknown) => {
      settleThrown(slot, error);
    },
  );
}

function isThenable(value: unknown): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

function callArguments(slot: number, id: string, texts: readonly (string | undefined)[]) {
  const values = list<unknown>();
  let position = 0;
  for (let index = 0; index < texts.length; index += 1) {
    if (position === cloudPosition) position += 1;
    const text = texts[index];
    values[position] = text === undefined ? undefined : decode(text);
    position += 1;
  }
  if (cloudPosition !== -1) values[cloudPosition] = makeCloud(slot, id);
  return values;
}

/**
 * The text of the result when the function returned at once, `true` when it returned nothing at
 * once; otherwise `undefined`, and the host hears of it through `settle`.
 */
export function start(
  slot: number,
  id: string,
  ...texts: readonly (string | undefined)[]
): string | true | undefined {
  enterSlot(slot);
  try {
    const result: unknown = apply(userFunction, undefined, callArguments(slot, id, texts));
    if (typeof result === 'object' && result !== null) {
      if (getPrototypeOf(result) === promisePrototype) {
        follow(slot, result as Promise<unknown>);
        return undefined;
      }
    }
    if (isThenable(result)) {
      follow(slot, new PromiseConstructor((resolve) => resolve(result)));
      return undefined;
    }
    return encode('The result', result) ?? true;
  } catch (error) {
    settleThrown(slot, error);
    return undefined;
  }
}

/** Answers a request that was given a ticket. */
export function deliver(
  ticket: number,
  tag: string,
  ...texts: readonly (string | undefined)[]
): void {
  enterSlot(slotOf(ticket));
  answerTicket(ticket, tag, texts);
}

export function drop(...tickets: readonly number[]): void {
  for (let index = 0; index < tickets.length; index += 1) dropTicket(tickets[index] ?? 0);
}
