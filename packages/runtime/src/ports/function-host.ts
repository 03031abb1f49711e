/**
 * Where user code runs: one isolate a function and executor, no ambient authority, bytes only
 * across the border.
 */
import type {
  EncodedValue,
  Failure,
  FunctionDefinition,
  Key,
  MergeOperand,
} from '@stormglass/core';

/** What user code asks of its surroundings through `cloud`. */
export type LibraryRequest =
  | { readonly operation: 'get'; readonly keys: readonly Key[] }
  | { readonly operation: 'siblings'; readonly key: Key }
  | { readonly operation: 'put'; readonly key: Key; readonly value: EncodedValue }
  | { readonly operation: 'delete'; readonly key: Key }
  | { readonly operation: 'merge'; readonly key: Key; readonly operand: MergeOperand }
  | { readonly operation: 'flush' }
  | { readonly operation: 'send'; readonly to: string; readonly message: EncodedValue }
  | { readonly operation: 'receive'; readonly timeoutMs: number | undefined };

export type LibraryReply =
  /** get: one a key, `undefined` when absent; siblings: every value. */
  | { readonly status: 'values'; readonly values: readonly (EncodedValue | undefined)[] }
  | { readonly status: 'done' }
  | { readonly status: 'message'; readonly from: string; readonly message: EncodedValue }
  /** `receive` timed out. */
  | { readonly status: 'none' }
  /** Thrown inside the function as an error whose `code` is the failure's type. */
  | { readonly status: 'refused'; readonly failure: Failure };

export type Outcome =
  /** `value` is absent when the function returned nothing. */
  | { readonly status: 'returned'; readonly value: EncodedValue | undefined }
  /**
   * function-failed, timeout, memory-limit, value-too-large or syntax-error; the type of a refusal
   * that the function did not catch; `unavailable` when another call broke the isolate that this
   * one was running in: nothing is wrong with it, and it may run again.
   */
  | { readonly status: 'failed'; readonly failure: Failure };

export interface FunctionCall {
  /** Unique in the host: the invocation's address, what `cloud.id` gives. */
  readonly id: string;
  readonly definition: FunctionDefinition;
  /** In the order of `definition.parameters`; `undefined` leaves a default to the function. */
  readonly arguments: readonly (EncodedValue | undefined)[];
  /** Nobody waits for the result any longer than this, whatever the function itself may take. */
  readonly leftMs?: number | undefined;
}

export interface CallListener {
  /**
   * User code asks; `reply` may be called before this returns (then nothing is awaited) or later,
   * exactly once, and not after `finished`.
   */
  readonly request: (request: LibraryRequest, reply: (reply: LibraryReply) => void) => void;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void;
  /** Exactly once, possibly before `start` returns. Nothing of the call runs afterwards. */
  readonly finished: (outcome: Outcome) => void;
}

export interface FunctionHost {
  readonly start: (call: FunctionCall, listener: CallListener) => void;
  /** Ends a call that has not finished; its listener hears nothing more. */
  readonly cancel: (id: string) => void;
  /** Names of the functions that are compiled and warm. */
  readonly pinnedFunctions: () => readonly string[];
  readonly close: () => void;
}
