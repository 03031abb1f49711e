/**
 * Operating failures are values (house.md 3.8): the slug of a problem, a sentence, and the fields
 * that api.md names.
 */
import type { ProblemType } from './wire/http/problem.ts';

/** Where and how a user's function threw; stack lines point into the user's source. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** 1-based position in the user's source, where it is known. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export interface Failure {
  readonly type: ProblemType;
  readonly detail: string;
  readonly node?: string | undefined;
  readonly dag?: string | undefined;
  readonly function?: string | undefined;
  readonly parameter?: string | undefined;
  readonly key?: string | undefined;
  /** Parts of a request that are not as they were. */
  readonly differs?: readonly string[] | undefined;
  readonly cycle?: readonly string[] | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly error?: ThrownError | undefined;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export const succeed = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (failure: Failure): Result<never> => ({ ok: false, failure });
