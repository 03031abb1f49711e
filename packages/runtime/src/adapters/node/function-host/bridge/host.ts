/**
 * The host's side as the bridge sees it. Only primitives, and arrays of them that were copied,
 * cross in either direction.
 */
import { apply, list } from './primordials.ts';
import { refusal } from './refusal.ts';

/**
 * - a number: the answer comes later, under this ticket
 * - `undefined`: done, or nothing there
 * - a text: one value
 * - an array: a tag and its texts
 */
export type DirectReply =
  | number
  | string
  | undefined
  | readonly [string, ...(string | undefined)[]];

export interface HostCalls {
  readonly request: (
    slot: number,
    operation: string,
    ...texts: readonly (number | string | undefined)[]
  ) => DirectReply;
  readonly log: (slot: number, level: string, text: string) => void;
  /** `returned` and the result's text, or `threw` and name, message, stack, problem type. */
  readonly settle: (slot: number, tag: string, ...texts: readonly (string | undefined)[]) => void;
}

let host: HostCalls | undefined;

export function connectHost(calls: HostCalls): void {
  host = calls;
}

function call<Name extends keyof HostCalls>(name: Name): HostCalls[Name] {
  if (host === undefined) throw refusal('internal', 'The function is not connected.');
  return host[name];
}

/** Never shows what went wrong on the host's side: that text is not for user code. */
export function request(
  slot: number,
  operation: string,
  texts: readonly (number | string | undefined)[],
): DirectReply {
  const values = list<unknown>();
  values[0] = slot;
  values[1] = operation;
  for (let index = 0; index < texts.length; index += 1) values[index + 2] = texts[index];
  try {
    return apply(call('request'), undefined, values) as DirectReply;
  } catch {
    throw refusal(
      'internal',
      'The platform could not be asked, perhaps because of deep recursion.',
    );
  }
}

export function log(slot: number, level: string, text: string): void {
  try {
    call('log')(slot, level, text);
  } catch {
    // A line of the log is not worth the call.
  }
}

export function settle(slot: number, tag: string, ...texts: readonly (string | undefined)[]): void {
  const values = list<unknown>();
  values[0] = slot;
  values[1] = tag;
  for (let index = 0; index < texts.length; index += 1) values[index + 2] = texts[index];
  apply(call('settle'), undefined, values);
}
