/**
 * What a route answers: JSON text or a problem, as a value. Sending it, in JSON or in MessagePack,
 * is done in one place.
 */
import type { Failure, Problem, Result } from '@stormglass/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { packJsonText } from '../plugins/msgpack.ts';
import { problemOf } from './problem-document.ts';

export type Answer =
  | {
      readonly kind: 'json';
      readonly status: number;
      /** JSON text: values of users are spliced in as they are, never parsed on the way. */
      readonly text: string;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: 'text'; readonly status: number; readonly text: string; readonly type: string }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'empty' };

export const NO_CONTENT: Answer = { kind: 'empty' };

export const jsonText = (
  status: number,
  text: string,
  headers?: Readonly<Record<string, string>>,
): Answer => ({ kind: 'json', status, text, headers });

export const json = (status: number, value: unknown): Answer =>
  jsonText(status, JSON.stringify(value));

export const refuse = (problem: Problem): Answer => ({ kind: 'problem', problem });
export const refuseFailure = (failure: Failure): Answer => refuse(problemOf(failure));

/** The answer of `then` for a success, the problem for a failure. */
export const answerResult = <T>(result: Result<T>, then: (value: T) => Answer): Answer =>
  result.ok ? then(result.value) : refuseFailure(result.failure);

const RETRY_AFTER_SECONDS = '1';

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('x-content-type-options', 'nosniff')
    .send(JSON.stringify(problem));
}

export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer): void {
  switch (answer.kind) {
    case 'problem':
      sendProblem(reply, answer.problem);
      return;
    case 'empty':
      reply.code(204).send();
      return;
    case 'text':
      reply.code(answer.status).header('content-type', answer.type).send(answer.text);
      return;
    case 'json':
      reply.code(answer.status).header('x-content-type-options', 'nosniff');
      if (answer.headers !== undefined) reply.headers(answer.headers);
      if (request.headers.accept?.includes('msgpack') === true) {
        reply.header('content-type', 'application/msgpack').send(packJsonText(answer.text));
      } else {
        reply.header('content-type', 'application/json; charset=utf-8').send(answer.text);
      }
  }
}
