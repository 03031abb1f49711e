/**
 * One operation of the API: what it takes and answers as schemas, and what it does. The same
 * schemas check requests and become the OpenAPI document, so the two cannot drift.
 */
import type { ProblemType } from '@stormglass/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { refuse, sendAnswer, type Answer } from './answer.ts';
import { schemaProblem } from './problem-document.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface EndpointInput {
  /**
   * The named part of the path, decoded; asking for one that the path does not have is a bug and
   * gives ''.
   */
  readonly param: (name: string) => string;
  /** The body before it went through a schema, own properties called `__proto__` included. */
  readonly rawBody: unknown;
  readonly header: (name: string) => string | undefined;
  /** Calls back when the client has gone away. Returns the way to stop listening. */
  readonly onClose: (listener: () => void) => () => void;
}

export interface EndpointDescription {
  readonly method: Method;
  /** As OpenAPI writes it: `/api/v1/functions/{name}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string | undefined;
  readonly headers?: readonly { readonly name: string; readonly description: string }[] | undefined;
  readonly query?: z.ZodType | undefined;
  readonly body?: z.ZodType | undefined;
  /** For a WebSocket: what goes up and what comes down. */
  readonly frames?: { readonly up: z.ZodType; readonly down: z.ZodType } | undefined;
  /** Status → what it means and its body. */
  readonly answers: Readonly<Record<number, { description: string; schema?: z.ZodType }>>;
  readonly problems: readonly ProblemType[];
}

export interface Endpoint extends EndpointDescription {
  readonly run: (request: FastifyRequest) => Handled;
}

type Handled = Answer | Promise<Answer>;

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

function inputOf(request: FastifyRequest): EndpointInput {
  return {
    param: (name) => paramOf(request, name),
    rawBody: request.body,
    header: (name) => headerOf(request, name),
    onClose: (listener) => {
      const { socket } = request.raw;
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
  };
}

type Unparsed = Omit<EndpointDescription, 'query' | 'body'>;

/** An operation that takes nothing but its path. */
export function endpoint(
  definition: Unparsed & { readonly handle: (input: EndpointInput) => Handled },
): Endpoint {
  const { handle, ...description } = definition;
  return { ...description, run: (request) => handle(inputOf(request)) };
}

/**
 * An operation that takes parameters in the query string; `query` is what came out of the schema.
 */
export function queryEndpoint<Query>(
  definition: Unparsed & {
    readonly query: z.ZodType<Query>;
    readonly handle: (input: EndpointInput, query: Query) => Handled;
  },
): Endpoint {
  const { handle, ...description } = definition;
  return {
    ...description,
    run: (request) => {
      const query = description.query.safeParse(request.query);
      return query.success
        ? handle(inputOf(request), query.data)
        : refuse(schemaProblem(query.error, request.query, 'query string'));
    },
  };
}

/**
 * An operation that takes a body; `body` is what came out of the schema. No body is the same as an
 * empty object.
 */
export function bodyEndpoint<Body>(
  definition: Unparsed & {
    readonly body: z.ZodType<Body>;
    readonly handle: (input: EndpointInput, body: Body) => Handled;
  },
): Endpoint {
  const { handle, ...description } = definition;
  return {
    ...description,
    run: (request) => {
      const raw: unknown = request.body;
      const body = description.body.safeParse(raw === undefined ? {} : raw);
      return body.success
        ? handle(inputOf(request), body.data)
        : refuse(schemaProblem(body.error, raw, 'body'));
    },
  };
}

/**
 * `{name}` of OpenAPI is `:name` of the router; `{name...}` takes the rest of the path, slashes
 * included.
 */
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
