/**
 * Whatever goes wrong outside a route becomes a problem document too: bodies that do not parse,
 * addresses that do not exist, methods that an address does not take, and bugs.
 */
import type { Problem, ProblemType } from '@stormglass/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { sendProblem } from '../http/answer.ts';
import { problemFor } from '../http/problem-document.ts';

export const BODY_BYTES_MAX = 16 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;
/**
 * A body that is refused for its size is read to its end up to here, so that the client gets to
 * read why.
 */
const DISCARDED_BYTES_MAX = 128 * MEGABYTE;

/** A body that could not be read, with the problem that says why. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
  readonly problem: Problem;

  constructor(type: ProblemType, detail: string) {
    super(detail);
    this.problem = problemFor(type, detail);
  }
}

const MEDIA_TYPES = 'application/json or application/msgpack';

function problemOfError(error: FastifyError | UnreadableBody, request: FastifyRequest): Problem {
  if (error instanceof UnreadableBody) return error.problem;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE': {
      const bytes = Number(request.headers['content-length']);
      const came = Number.isFinite(bytes) ? `this one has ${(bytes / MEGABYTE).toFixed(1)} MB` : '';
      const limit = `A body may have ${BODY_BYTES_MAX / MEGABYTE} MB`;
      const remedy = 'PUT large values into keys in parts, and pass {"$ref": key}.';
      return problemFor('body-too-large', `${limit}${came && `, ${came}`}. ${remedy}`);
    }
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': {
      const came = request.headers['content-type'] ?? 'no content type';
      const detail = `A body is ${MEDIA_TYPES}; this one came as ${came}.`;
      return problemFor('unsupported-media-type', detail);
    }
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problemFor('invalid-request', `The address cannot be read: ${error.message}.`);
    default:
      break;
  }
  // Of the files of the studio: an address that leads out of their folder.
  if (error.statusCode === 403) return addressProblem(request);
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return problemFor('invalid-request', error.message);
  }
  request.log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'bug');
  const detail =
    'The server made a mistake with this request; its log says which. Please report it.';
  return problemFor('internal', detail);
}

/**
 * Fastify closes the connection after an unreadable body. When the client is still sending, that
 * would reset it before the answer is read; so the rest is read and thrown away.
 */
function discardRest(request: FastifyRequest, reply: FastifyReply): void {
  const announced = Number(request.headers['content-length'] ?? Infinity);
  if (announced > DISCARDED_BYTES_MAX) return;
  reply.removeHeader('connection');
  request.raw.resume();
}

function methodProblem(request: FastifyRequest, allowed: readonly string[]): Problem {
  const detail = `This address takes ${allowed.join(', ')}, not ${request.method}.`;
  return problemFor('method-not-allowed', detail, { allow: allowed });
}

const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * Gives every address that the routes so far have an answer to all other methods. Call it after the
 * routes.
 */
export function refuseOtherMethods(
  app: FastifyInstance,
  methodsByPath: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const [url, taken] of methodsByPath) {
    const allowed = [...taken].filter((method) => method !== 'HEAD');
    const refuse = (request: FastifyRequest, reply: FastifyReply): void => {
      reply.header('allow', allowed.join(', '));
      sendProblem(reply, methodProblem(request, allowed));
    };
    const method = METHODS.filter((name) => !taken.has(name));
    // Before the body is looked at: what it holds does not matter here.
    app.route({ method, url, onRequest: refuse, handler: refuse });
  }
}

export function addressProblem(request: FastifyRequest): Problem {
  const [path] = request.url.split('?');
  const detail = `There is nothing at ${path}. The addresses are listed at /docs.`;
  return problemFor('not-found', detail);
}

export function addProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | UnreadableBody, request, reply) => {
    const problem = problemOfError(error, request);
    if (problem.status === 413) discardRest(request, reply);
    else if (error instanceof UnreadableBody) reply.removeHeader('connection');
    sendProblem(reply, problem);
  });
}

/** For addresses that the router cannot read. */
export function onFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  sendProblem(reply, problemOfError(error, request));
}

/** What is not HTTP at all has no request to answer, only a socket. */
export function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isHeader = error.code === 'HPE_HEADER_OVERFLOW';
  const status = isHeader ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const detail = isHeader
    ? 'The headers of the request are too large. A session token belongs into the body.'
    : 'This is not a valid HTTP request.';
  const body = JSON.stringify({
    ...problemFor('invalid-request', detail),
    status: isHeader ? 431 : 400,
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nConnection: close\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
