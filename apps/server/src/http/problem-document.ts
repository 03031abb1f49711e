/**
 * Problem documents (RFC 9457): from a failure, from a schema that did not fit, from a slug and a
 * sentence.
 */
import { problemTypes, type Failure, type Problem, type ProblemType } from '@stormglass/core';
import type * as z from 'zod';

export function problemFor(
  type: ProblemType,
  detail: string,
  fields: Readonly<Record<string, unknown>> = {},
): Problem {
  const { title, status } = problemTypes[type];
  return { type, title, status, detail, ...fields };
}

export function problemOf(failure: Failure): Problem {
  const { type, detail, ...fields } = failure;
  return problemFor(type, detail, fields);
}

const VALUE_SHOWN_MAX = 80;

/** What came, short enough for a sentence. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= VALUE_SHOWN_MAX ? text : `${text.slice(0, VALUE_SHOWN_MAX)}…`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}

/** JSON pointer (RFC 6901). */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const FIELDS_NAMED_MAX = 20;

interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

function fieldProblems(issue: z.core.$ZodIssue, input: unknown): readonly FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const message = 'there is no such field';
    return issue.keys.map((key) => ({ field: pointer([...issue.path, key]), message }));
  }
  const expected = issue.message
    .replace(/^Invalid (?:input|option|string|key in record): /u, '')
    .replace(/, received .*$/u, '')
    .replace(/^expected record$/u, 'expected object');
  const message = `${expected}, got ${shown(valueAt(input, issue.path))}`;
  return [{ field: pointer(issue.path), message }];
}

/** `invalid-request` with one entry a field: where, what was expected, what came. */
export function schemaProblem(error: z.ZodError, input: unknown, where: string): Problem {
  const errors = error.issues
    .flatMap((issue) => fieldProblems(issue, input))
    .slice(0, FIELDS_NAMED_MAX);
  const [first] = errors;
  const place = first === undefined || first.field === '' ? `the ${where}` : first.field.slice(1);
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return problemFor(
    'invalid-request',
    `${place}: ${first?.message ?? 'does not fit'}${more}. Correct it and send the request again.`,
    { errors },
  );
}
