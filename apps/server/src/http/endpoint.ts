/**
 * One operation of the API: what it takes and answers as schemas, and what it does. The same schemas check requests
 * and become the OpenAPI document, so the two cannot drift.
 */
import type { ProblemType } from '@stormglass/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { refuse, sendAnswer, type Answer } from './answer.ts';
import { schemaProblem } from './problem-document.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface EndpointInput<Query, Body> {
  /** The named part of the path, decoded; asking for one that the path does not have is a bug and gives ''. */
  readonly param: (name: string) => string;
  readonly query: Query;
  readonly body: Body;
  /** The body before it went through the schema, own properties called `__proto__` included. */
  readonly rawBody: unknown;
  readonly header: (name: string) => string | undefined;
  /** Resolves when the client has gone away. */
  readonly onClose: (listener: () => void) => void;
}

export interface EndpointDescription {
  readonly method: Method;
  /** As OpenAPI writes it: `/api/v1/functions/{name}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string | undefined;
  readonly query?: z.ZodType | undefined;
  readonly body?: z.ZodType | undefined;
  /** Status → what it means and its body. */
  readonly answers: Readonly<Record<number, { description: string; schema?: z.ZodType }>>;
  readonly problems: readonly ProblemType[];
}

export interface Endpoint extends EndpointDescription {
  readonly run: (request: FastifyRequest) => Answer | Promise<Answer>;
}

interface Definition<Query, Body> extends EndpointDescription {
  readonly query?: z.ZodType<Query> | undefined;
  readonly body?: z.ZodType<Body> | undefined;
  readonly handle: (input: EndpointInput<Query, Body>) => Answer | Promise<Answer>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function paramOf(request: FastifyRequest, name: string): string {
  const params: unknown = request.params;
  const value = isRecord(params) ? (params[name] ?? params['*']) : undefined;
  return typeof value === 'string' ? value : '';
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

export function endpoint<Query = undefined, Body = undefined>(
  definition: Definition<Query, Body>,
): Endpoint {
  const { handle, ...description } = definition;
  const run = (request: FastifyRequest): Answer | Promise<Answer> => {
    const query = description.query?.safeParse(request.query);
    if (query?.success === false)
      return refuse(schemaProblem(query.error, request.query, 'query string'));
    const rawBody: unknown = request.body;
    const body = description.body?.safeParse(rawBody ?? {});
    if (body?.success === false) return refuse(schemaProblem(body.error, rawBody, 'body'));
    return handle({
      param: (name) => paramOf(request, name),
      // Without a schema the type parameter is `undefined`, and so is the value.
      query: query?.data as Query,
      body: body?.data as Body,
      rawBody,
      header: (name) => headerOf(request, name),
      onClose: (listener) => request.raw.socket.once('close', listener),
    });
  };
  return { ...description, run };
}

/** `{name}` of OpenAPI is `:name` of the router; `{name...}` takes the rest of the path, slashes included. */
const routerPath = (path: string): string =>
  path.replaceAll(/\{\w+\.\.\.\}/gu, '*').replaceAll(/\{(?<name>\w+)\}/gu, ':$<name>');

export function addEndpoint(app: FastifyInstance, { method, path, run }: Endpoint): void {
  app.route({
    method,
    url: routerPath(path),
    handler: (request, reply) => {
      const answer = run(request);
      if (answer instanceof Promise) {
        answer.then(
          (value) => {
            sendAnswer(request, reply, value);
          },
          (error: unknown) => {
            reply.send(error);
          },
        );
      } else {
        sendAnswer(request, reply, answer);
      }
    },
  });
}
