/**
 * RFC 9457 problem documents: the stable slugs, their titles and statuses (api.md; docs/errors.md
 * explains each).
 */
import * as z from 'zod';

export const problemTypes = {
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'malformed-msgpack': { status: 400, title: 'The body is not valid MessagePack' },
  'invalid-request': { status: 400, title: 'The request does not fit its schema' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  unauthorized: { status: 401, title: 'The request needs a valid token' },
  'forbidden-origin': {
    status: 403,
    title: 'The request comes from a page that is not allowed here',
  },
  'forbidden-host': { status: 403, title: 'The Host header does not name this server' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'syntax-error': { status: 400, title: 'The source does not parse' },
  'unsupported-signature': { status: 400, title: 'The signature of the function is not supported' },
  'invalid-name': { status: 400, title: 'The name is not allowed' },
  'function-not-found': { status: 404, title: 'There is no such function' },
  'function-in-use': { status: 409, title: 'A DAG uses this function' },
  'dag-not-found': { status: 404, title: 'There is no such DAG' },
  'dag-cycle': { status: 400, title: 'The edges of the DAG form a cycle' },
  'dag-empty': { status: 400, title: 'The DAG has no nodes' },
  'unknown-function': { status: 400, title: 'A node names a function that is not registered' },
  'unknown-node': { status: 400, title: 'An edge names a node that is not in the DAG' },
  'unknown-parameter': {
    status: 400,
    title: 'An edge or argument names a parameter that the function does not have',
  },
  'duplicate-node': { status: 400, title: 'Two nodes have the same id' },
  'parameter-bound-twice': { status: 400, title: 'A parameter is bound more than once' },
  'missing-argument': { status: 400, title: 'A required argument is missing' },
  'invalid-session': { status: 400, title: 'The session token cannot be read' },
  'invalid-idempotency-key': { status: 400, title: 'The idempotency key is not allowed' },
  'idempotency-key-reused': {
    status: 422,
    title: 'The idempotency key belongs to another request',
  },
  'invocation-not-found': { status: 404, title: 'There is no such invocation' },
  'function-failed': { status: 422, title: 'The function threw' },
  'memory-limit': { status: 422, title: 'The function used more memory than it may' },
  'too-many-dependencies': {
    status: 422,
    title: 'The writes of the invocation depend on too many versions',
  },
  timeout: { status: 504, title: 'The invocation took too long' },
  cancelled: { status: 409, title: 'The invocation was cancelled' },
  overloaded: { status: 503, title: 'There is no capacity at the moment' },
  unavailable: { status: 503, title: 'A part of the cluster that is needed cannot be reached' },
  'lattice-mismatch': { status: 409, title: 'The key holds a lattice of another kind' },
  'value-too-large': { status: 413, title: 'The value is too large' },
  'key-not-found': { status: 404, title: 'There is no such key' },
  'worker-not-found': { status: 404, title: 'There is no such worker' },
  internal: { status: 500, title: 'Stormglass failed' },
} as const;

export type ProblemType = keyof typeof problemTypes;

/** `errors` names each field that does not fit: a JSON pointer and what was expected. */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;
