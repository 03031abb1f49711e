/**
 * `POST …/invocations`: the hot path of the server (architecture.md, "The path of one invocation").
 * Arguments are bound, the cluster is asked, and its text is spliced into the answer; nothing else
 * happens on the way.
 */
import {
  dagInvocationBody,
  functionInvocationBody,
  invocationAccepted,
  invocationResult,
  type ArgumentMap,
  type ConsistencyLevel,
  type ProblemType,
  type Result,
} from '@stormglass/core';
import { jsonText, refuse, refuseFailure, type Answer } from '../http/answer.ts';
import { bodyEndpoint, type Endpoint, type EndpointInput } from '../http/endpoint.ts';
import { problemFor, problemOf } from '../http/problem-document.ts';
import { bindDagArguments, bindFunctionArguments } from '../invocations/bind-arguments.ts';
import { resultText, type InvocationTarget } from '../invocations/invocation-record.ts';
import type { ServerContext } from '../server-context.ts';

/** When neither the request nor the DAG names one (protocols.md, Anna's default). */
const CONSISTENCY_DEFAULT: ConsistencyLevel = 'lww';

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

function invoke(
  { book }: ServerContext,
  target: InvocationTarget,
  bound: Result<ArgumentMap>,
  { header }: EndpointInput,
  body: Options,
): Answer | Promise<Answer> {
  if (!bound.ok) return refuseFailure(bound.failure);
  const fallback = target.kind === 'dag' ? target.dag : undefined;
  const { record, settled } = book.start(target, bound.value, {
    consistency: body.consistency ?? fallback?.consistency ?? CONSISTENCY_DEFAULT,
    sessionToken: body.session,
    store: body.store,
    timeoutMs: body.timeoutMs ?? fallback?.timeoutMs,
    trace: body.trace !== 'off',
  });
  if (header('prefer')?.includes('respond-async') === true) {
    return jsonText(202, `{"invocation":"${record.id}"}`, {
      location: `/api/v1/invocations/${record.id}`,
      'preference-applied': 'respond-async',
    });
  }
  return settled.then(({ outcome }) =>
    outcome.ok
      ? jsonText(200, resultText(record, outcome))
      : refuse({ ...problemOf(outcome.failure), invocation: record.id }),
  );
}

const problems: readonly ProblemType[] = [
  'missing-argument',
  'unknown-node',
  'unknown-parameter',
  'parameter-bound-twice',
  'invalid-session',
  'function-failed',
  'memory-limit',
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
  'With `Prefer: respond-async` the answer comes at once.';

export function invokeRoutes(context: ServerContext): readonly Endpoint[] {
  const { cluster } = context;
  return [
    bodyEndpoint({
      method: 'POST',
      path: '/api/v1/dags/{name}/invocations',
      tag: 'Invocations',
      summary: 'Run a DAG',
      description,
      body: dagInvocationBody,
      answers,
      problems: ['dag-not-found', ...problems],
      handle: (input, body) => {
        const name = input.param('name');
        const dag = cluster.findDag(name);
        if (dag === undefined) {
          const detail = `No DAG is called ${name}. PUT /api/v1/dags/${name} first.`;
          return refuse(problemFor('dag-not-found', detail, { dag: name }));
        }
        const bound = bindDagArguments(dag, rawArguments(input.rawBody), cluster.findFunction);
        return invoke(context, { kind: 'dag', dag }, bound, input, body);
      },
    }),
    bodyEndpoint({
      method: 'POST',
      path: '/api/v1/functions/{name}/invocations',
      tag: 'Invocations',
      summary: 'Run a function',
      description,
      body: functionInvocationBody,
      answers,
      problems: ['function-not-found', ...problems],
      handle: (input, body) => {
        const name = input.param('name');
        const definition = cluster.findFunction(name);
        if (definition === undefined) {
          const detail = `No function is called ${name}. PUT /api/v1/functions/${name} first.`;
          return refuse(problemFor('function-not-found', detail, { function: name }));
        }
        const bound = bindFunctionArguments(definition, rawArguments(input.rawBody));
        return invoke(context, { kind: 'function', definition }, bound, input, body);
      },
    }),
  ];
}
