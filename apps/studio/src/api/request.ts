/**
 * One request to the server: every body is checked with core's schema, every failure is a value.
 */
import { problem as problemSchema } from '@stormglass/core';
import type { Problem } from '@stormglass/core';

/** A problem document, or `unreachable` (status 0) when no answer came. */
export type ApiProblem = Problem;

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ApiProblem };

/** The part of a zod schema that is needed here. */
interface Parser<T> {
  safeParse(input: unknown): { success: true; data: T } | { success: false; error: Error };
}

interface RequestOptions<T> {
  readonly schema: Parser<T>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

const BASE = '/api/v1';

function localProblem(type: string, title: string, status: number, detail: string): ApiProblem {
  return { type, title, status, detail };
}

function unexpected(status: number, detail: string): ApiProblem {
  return localProblem('unexpected-answer', 'The server answered something else', status, detail);
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `path` begins after `/api/v1`. Answers with the parsed body, or with the problem document. */
export async function request<T>(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  options: RequestOptions<T>,
): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  const init: RequestInit = { method, headers };
  if (options.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  if (options.signal !== undefined) init.signal = options.signal;

  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${BASE}${path}`, init);
    body = await readJson(response);
  } catch {
    const detail = 'The server does not answer. Is it running?';
    return { ok: false, problem: localProblem('unreachable', 'No connection', 0, detail) };
  }
  if (!response.ok) {
    const parsed = problemSchema.safeParse(body);
    if (parsed.success) return { ok: false, problem: parsed.data };
    // A proxy in front of a server that is down answers without a problem document.
    if (response.status >= 502 && response.status <= 504) {
      const detail = 'The server does not answer. Is it running?';
      return { ok: false, problem: localProblem('unreachable', 'No connection', 0, detail) };
    }
    return { ok: false, problem: unexpected(response.status, `Status ${response.status}.`) };
  }
  const parsed = options.schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problem: unexpected(response.status, parsed.error.message) };
}
