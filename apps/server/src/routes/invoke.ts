/**
 * `POST …/invocations`: the hot path of the server (architecture.md, "The path of one invocation").
 * Arguments are bound, the cluster is asked, and its text is spliced into the answer; nothing else
 * happens on the way. A request with an `Idempotency-Key` first claims its key.
 */
import {
  dagInvocationBody,
  fail,
  functionInvocationBody,
  invocationAccepted,
  invocationResult,
  succeed,
  type ArgumentMap,
  type ConsistencyLevel,
  type Failure,
  type InvocationAnswer,
  type InvocationId,
  type ProblemType,
  type RequestIdentity,
  type Result,
} from '@stormglass/core';
import { keyReused } from '@stormglass/runtime';
import { jsonText, refuse, refuseFailure, type Answer } from '../http/answer.ts';
import { bodyEndpoint, type Endpoint, type EndpointInput } from '../http/endpoint.ts';
import {
  IDEMPOTENT_REPLAYED,
  idempotencyHeader,
  parseIdempotencyKey,
} from '../http/idempotency-key.ts';
import { problemOf } from '../http/problem-document.ts';
import { acceptedIdentity } from '../invocations/accepted-invocations.ts';
import { bindDagArguments, bindFunctionArguments } from '../invocations/bind-arguments.ts';
import type { InvocationOptions } from '../invocations/invocation-book.ts';
import { keptText, resultText, type InvocationTarget } from '../invocations/invocation-record.ts';
import { requestDigests } from '../invocations/request-digests.ts';
import type { ServerContext } from '../server-context.ts';

/** When neither the request nor the DAG names one (protocols.md, Anna's default). */
const CONSISTENCY_DEFAULT: ConsistencyLevel = 'lww';

const TOO_MANY_WAIT: Failure = {
  type: 'overloaded',
  detail: 'As many accepted invocations wait for their turn as there is room for. Try again later.',
};

interface Options {
  readonly consistency?: ConsistencyLevel | undefined;
  readonly session?: string | undefined;
  readonly store?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly trace?: 'full' | 'off' | undefined;
}

/** The arguments as they came: a schema would drop an entry called `__proto__`. */
function rawArguments(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'arguments' in body
    ? body.arguments
    : undefined;
}

const problemAnswer = (invocation: InvocationId, failure: Failure): Answer =>
  refuse({ ...problemOf(failure), invocation });

const kept = (answer: InvocationAnswer): Answer =>
  answer.failure === undefined
    ? jsonText(200, keptText(answer), IDEMPOTENT_REPLAYED)
    : problemAnswer(answer.invocation, answer.failure);

/** What is to be run, or why it cannot be. */
type Bound = Result<{ readonly target: InvocationTarget; readonly arguments: ArgumentMap }>;

type Claimed = NonNullable<InvocationOptions['claimed']>;

const isAsync = ({ header }: EndpointInput): boolean =>
  header('prefer')?.includes('respond-async') === true;

interface Request {
  readonly bound: Bound & { readonly ok: true };
  readonly body: Options;
}

const optionsOf = ({ bound, body }: Request) => {
  const { target } = bound.value;
  const fallback = target.kind === 'dag' ? target.dag : undefined;
  return {
    consistency: body.consistency ?? fallback?.consistency ?? CONSISTENCY_DEFAULT,
    sessionToken: body.session,
    store: body.store,
    timeoutMs: body.timeoutMs ?? fallback?.timeoutMs,
    trace: body.trace !== 'off',
  };
};

/** Resolves with 202 when it is durable that the invocation has been accepted. */
async function accept(
  { accepted }: ServerContext,
  request: Request,
  { id, identity, startedAtMs }: Claimed & { readonly startedAtMs: number },
): Promise<Answer> {
  const { target, arguments: args } = request.bound.value;
  const { consistency, ...options } = optionsOf(request);
  const toRun = { ...options, arguments: args, identity };
  await accepted.accept({ id, target, startedAtMs, consistency, request: toRun });
  return jsonText(202, `{"invocation":"${id}"}`, {
    location: `/api/v1/invocations/${id}`,
    'preference-applied': 'respond-async',
  });
}

async function runLater(
  context: ServerContext,
  request: Request,
  claimed: Claimed,
): Promise<Answer> {
  if (context.accepted.isFull) {
    context.cluster.release(claimed.identity);
    return refuseFailure(TOO_MANY_WAIT);
  }
  const startedAtMs = context.nowMs();
  try {
    const answer = await accept(context, request, { ...claimed, startedAtMs });
    const { target, arguments: args } = request.bound.value;
    context.book.start(target, args, { ...optionsOf(request), claimed, startedAtMs });
    return answer;
  } catch (error) {
    context.cluster.release(claimed.identity);
    throw error;
  }
}

function run(
  context: ServerContext,
  input: EndpointInput,
  request: Request,
  claimed?: Claimed,
): Answer | Promise<Answer> {
  const { book } = context;
  if (isAsync(input)) {
    const id = book.newId();
    return runLater(context, request, claimed ?? { id, identity: acceptedIdentity(id) });
  }
  const { target, arguments: args } = request.bound.value;
  const { record, settled } = book.start(target, args, { ...optionsOf(request), claimed });
  return settled.then(({ outcome }) =>
    outcome.ok
      ? jsonText(200, resultText(record, outcome))
      : problemAnswer(record.id, outcome.failure),
  );
}

/** A request that its client has named: run once, and answered the same whenever it comes again. */
async function runOnce(
  context: ServerContext,
  input: EndpointInput,
  request: { readonly bound: Bound; readonly body: Options },
  identity: RequestIdentity,
): Promise<Answer> {
  const { bound, body } = request;
  const id = context.book.newId();
  const claim = await context.cluster.claim(identity, id);
  switch (claim.state) {
    case 'answered':
      return kept(claim.answer);
    case 'reused':
      return refuseFailure(keyReused(identity.key, claim.differs));
    case 'running': {
      if (isAsync(input) && bound.ok) {
        const { invocation } = claim;
        const startedAtMs = context.book.find(invocation)?.startedAtMs ?? context.nowMs();
        const joined = { id: invocation, identity, startedAtMs };
        return accept(context, { bound, body }, joined);
      }
      const answer = await claim.answer;
      return answer === undefined ? runOnce(context, input, request, identity) : kept(answer);
    }
    case 'new':
      if (bound.ok) return run(context, input, { bound, body }, { identity, id });
      context.cluster.release(identity);
      return refuseFailure(bound.failure);
  }
}

function invoke(
  context: ServerContext,
  input: EndpointInput,
  request: { readonly path: string; readonly bound: Bound; readonly body: Options },
): Answer | Promise<Answer> {
  const { bound, body } = request;
  const key = parseIdempotencyKey(input.header('idempotency-key'));
  if (!key.ok) return refuseFailure(key.failure);
  if (key.value !== undefined) {
    const digests = requestDigests(request.path, input.rawBody);
    return runOnce(context, input, request, { key: key.value, digests });
  }
  return bound.ok ? run(context, input, { bound, body }) : refuseFailure(bound.failure);
}

const problems: readonly ProblemType[] = [
  'missing-argument',
  'unknown-node',
  'unknown-parameter',
  'parameter-bound-twice',
  'invalid-session',
  'invalid-idempotency-key',
  'idempotency-key-reused',
  'function-failed',
  'memory-limit',
  'value-too-large',
  'lattice-mismatch',
  'timeout',
  'cancelled',
  'overloaded',
];

const answers = {
  200: { description: 'It succeeded.', schema: invocationResult },
  202: { description: 'With `Prefer: respond-async`: it runs.', schema: invocationAccepted },
};

const description =
  'An argument `{"$ref": key}` is read from the store before the function runs. ' +
  'With `Prefer: respond-async` the answer comes when it is durable that the request is accepted: ' +
  'it runs and takes effect once, also when the server is killed and started again. Where there ' +
  'is no capacity it waits for its turn; when too many wait, the answer is 503. ' +
  'With `Idempotency-Key` the same request, sent again within 24 hours, is run once and answered ' +
  'the same, failures included, unless that was a 503; a replayed result says ' +
  '`idempotent-replayed: true`.';

const headers = [
  { name: 'Prefer', description: '`respond-async`: answer 202 before it has ended.' },
  idempotencyHeader,
];

function bindDag({ cluster }: ServerContext, name: string, rawBody: unknown): Bound {
  const dag = cluster.findDag(name);
  if (dag === undefined) {
    const detail = `No DAG is called ${name}. PUT /api/v1/dags/${name} first.`;
    return fail({ type: 'dag-not-found', detail, dag: name });
  }
  const bound = bindDagArguments(dag, rawArguments(rawBody), cluster.findFunction);
  return bound.ok ? succeed({ target: { kind: 'dag', dag }, arguments: bound.value }) : bound;
}

function bindFunction({ cluster }: ServerContext, name: string, rawBody: unknown): Bound {
  const definition = cluster.findFunction(name);
  if (definition === undefined) {
    const detail = `No function is called ${name}. PUT /api/v1/functions/${name} first.`;
    return fail({ type: 'function-not-found', detail, function: name });
  }
  const bound = bindFunctionArguments(definition, rawArguments(rawBody));
  return bound.ok ? succeed({ target: { kind: 'function', name }, arguments: bound.value }) : bound;
}

export function invokeRoutes(context: ServerContext): readonly Endpoint[] {
  return [
    bodyEndpoint({
      method: 'POST',
      path: '/api/v1/dags/{name}/invocations',
      tag: 'Invocations',
      summary: 'Run a DAG',
      description,
      headers,
      body: dagInvocationBody,
      answers,
      problems: ['dag-not-found', ...problems],
      handle: (input, body) => {
        const name = input.param('name');
        const bound = bindDag(context, name, input.rawBody);
        return invoke(context, input, { path: `/api/v1/dags/${name}`, bound, body });
      },
    }),
    bodyEndpoint({
      method: 'POST',
      path: '/api/v1/functions/{name}/invocations',
      tag: 'Invocations',
      summary: 'Run a function',
      description,
      headers,
      body: functionInvocationBody,
      answers,
      problems: ['function-not-found', ...problems],
      handle: (input, body) => {
        const name = input.param('name');
        const bound = bindFunction(context, name, input.rawBody);
        return invoke(context, input, { path: `/api/v1/functions/${name}`, bound, body });
      },
    }),
  ];
}
