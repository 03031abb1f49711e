/**
 * `/api/v1/invocations`: what became of them (api.md, "Invocations").
 */
import { invocationList, invocationStatus, invocationTrace } from '@stormglass/core';
import * as z from 'zod';
import { jsonText, refuse } from '../http/answer.ts';
import { endpoint, queryEndpoint, type Endpoint, type EndpointInput } from '../http/endpoint.ts';
import { problemFor } from '../http/problem-document.ts';
import { statusText, traceText, type InvocationRecord } from '../invocations/invocation-record.ts';
import type { ServerContext } from '../server-context.ts';

const tag = 'Invocations';
const path = '/api/v1/invocations/{id}';

const WAIT_MS_MAX = 60_000;
/** How long a trace waits for events that are still on their way from the workers. */
const TRACE_WAIT_MS_MAX = 2_000;
/** How long a cancellation waits for the invocation to end, so that the answer shows it ended. */
const CANCEL_WAIT_MS_MAX = 2_000;
/** Characters; a longer result is left out of the list. */
const LISTED_RESULT_LENGTH_MAX = 2_000;
const PAGE_SIZE_DEFAULT = 50;
const PAGE_SIZE_MAX = 200;

const integerText = (min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).optional();

const listQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/u, 'expected a cursor from an earlier page')
    .optional(),
  limit: integerText(1, PAGE_SIZE_MAX),
  dag: z.string().optional(),
  function: z.string().optional(),
});

const statusQuery = z.object({
  /** Milliseconds to wait for the end. */
  wait: integerText(0, WAIT_MS_MAX),
});

const missing = (id: string) =>
  refuse(
    problemFor(
      'invocation-not-found',
      `No invocation ${id} is known here. The 10,000 that ended last are kept; over a restart of the server ` +
        'those that were asked for with Prefer: respond-async.',
      { invocation: id },
    ),
  );

type Client = Pick<EndpointInput, 'onClose'>;

/**
 * Resolves after the delay, when `watch` calls back, or when the client has gone, whichever comes
 * first.
 */
function waitFor(
  { after }: ServerContext,
  { onClose }: Client,
  delayMs: number,
  watch: (done: () => void) => (() => void) | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancels = [after(delayMs, resolve), onClose(resolve), watch(resolve)];
  return promise.finally(() => {
    for (const cancel of cancels) cancel?.();
  });
}

/** The record after it has ended or the time is up. */
async function awaitEnd(
  context: ServerContext,
  input: Client,
  record: InvocationRecord,
  delayMs: number,
): Promise<InvocationRecord> {
  const settled = context.book.whenSettled(record.id);
  if (settled === undefined || delayMs === 0) return context.book.find(record.id) ?? record;
  await waitFor(context, input, delayMs, (done) => {
    void settled.then(done);
    return undefined;
  });
  return context.book.find(record.id) ?? record;
}

function traceRoute(context: ServerContext): Endpoint {
  const { book, log } = context;
  return endpoint({
    method: 'GET',
    path: `${path}/trace`,
    tag,
    summary: 'Every event of an invocation, in causal order',
    answers: { 200: { description: 'The trace.', schema: invocationTrace } },
    problems: ['invocation-not-found'],
    handle: async (input) => {
      const record = book.find(input.param('id'));
      if (record === undefined) return missing(input.param('id'));
      if (record.traced && record.outcome !== undefined && !log.hasFinished(record.id)) {
        await waitFor(context, input, TRACE_WAIT_MS_MAX, (done) =>
          log.onAppend(() => {
            if (log.hasFinished(record.id)) done();
          }),
        );
      }
      return jsonText(200, traceText(record, log.trace(record.id)));
    },
  });
}

function listRoute({ book }: ServerContext): Endpoint {
  return queryEndpoint({
    method: 'GET',
    path: '/api/v1/invocations',
    tag,
    summary: 'The recent invocations, newest first',
    description: 'A result of more than 2,000 characters is left out; ask for its invocation.',
    query: listQuery,
    answers: { 200: { description: 'One page.', schema: invocationList } },
    problems: [],
    handle: (_input, query) => {
      const { records, complete } = book.list({
        before: query.cursor === undefined ? undefined : Number(query.cursor),
        limit: query.limit ?? PAGE_SIZE_DEFAULT,
        matches: ({ target }) =>
          (query.dag === undefined || (target.kind === 'dag' && target.dag.name === query.dag)) &&
          (query.function === undefined ||
            (target.kind === 'function' && target.name === query.function)),
      });
      const last = records.at(-1);
      const cursor = complete || last === undefined ? '' : `,"cursor":"${last.ordinal}"`;
      const texts = records.map((record) => statusText(record, LISTED_RESULT_LENGTH_MAX));
      return jsonText(200, `{"invocations":[${texts.join(',')}]${cursor}}`);
    },
  });
}

export function invocationRoutes(context: ServerContext): readonly Endpoint[] {
  const { accepted, book } = context;
  return [
    listRoute(context),
    queryEndpoint({
      method: 'GET',
      path,
      tag,
      summary: 'One invocation; `wait` is a long poll for its end',
      query: statusQuery,
      answers: { 200: { description: 'Its state now.', schema: invocationStatus } },
      problems: ['invocation-not-found'],
      handle: async (input, { wait = 0 }) => {
        const record = book.find(input.param('id'));
        if (record === undefined) return missing(input.param('id'));
        const ended = await awaitEnd(context, input, record, wait);
        return jsonText(200, statusText(ended));
      },
    }),
    traceRoute(context),
    endpoint({
      method: 'DELETE',
      path,
      tag,
      summary: 'Cancel an invocation',
      description: 'One that has ended stays as it is.',
      answers: { 200: { description: 'Its state after that.', schema: invocationStatus } },
      problems: ['invocation-not-found'],
      handle: async (input) => {
        const record = book.find(input.param('id'));
        if (record === undefined) return missing(input.param('id'));
        accepted.cancel(record.id);
        return jsonText(
          200,
          statusText(await awaitEnd(context, input, record, CANCEL_WAIT_MS_MAX)),
        );
      },
    }),
  ];
}
