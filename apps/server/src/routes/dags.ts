/**
 * `/api/v1/dags` (api.md, "DAGs").
 */
import {
  dagBody,
  dagDetail,
  dagList,
  describeDagProblem,
  NAME_PATTERN,
  sinksOf,
  sourcesOf,
  validateDag,
  type Dag,
  type DagDetail,
  type DagProblem,
} from '@stormglass/core';
import { answerResult, json, NO_CONTENT, refuse } from '../http/answer.ts';
import { bodyEndpoint, endpoint, type Endpoint } from '../http/endpoint.ts';
import { problemFor } from '../http/problem-document.ts';
import type { ServerContext } from '../server-context.ts';
import { draftOf } from './dag-body.ts';

const tag = 'DAGs';
const path = '/api/v1/dags/{name}';

function detailOf(dag: Dag): DagDetail {
  const { layout, ...rest } = dag;
  return {
    ...rest,
    nodes: [...dag.nodes],
    edges: [...dag.edges],
    sources: [...sourcesOf(dag)],
    sinks: [...sinksOf(dag)],
    ...(layout === undefined ? {} : { layout: Object.fromEntries(layout) }),
  };
}

/**
 * The first problem decides the type; `problems` names them all, for an editor that marks each
 * place.
 */
function refuseDag(problems: readonly DagProblem[]) {
  const described = problems.map((problem) => ({
    ...problem,
    detail: describeDagProblem(problem),
  }));
  const [first] = described;
  if (first === undefined) return undefined;
  const { type, detail, ...fields } = first;
  return refuse(problemFor(type, detail, { ...fields, problems: described }));
}

const missing = (name: string) =>
  refuse(problemFor('dag-not-found', `No DAG is called ${name}. PUT it first.`, { dag: name }));

function putDag({ cluster }: ServerContext): Endpoint {
  return bodyEndpoint({
    method: 'PUT',
    path,
    tag,
    summary: 'Register or replace a DAG',
    description:
      'Nodes name functions, edges carry a result into a parameter. Several nodes may use one function.',
    body: dagBody,
    answers: {
      201: { description: 'New.', schema: dagDetail },
      200: { description: 'Replaced.', schema: dagDetail },
    },
    problems: [
      'invalid-name',
      'dag-empty',
      'dag-cycle',
      'unknown-function',
      'unknown-node',
      'unknown-parameter',
      'duplicate-node',
      'parameter-bound-twice',
    ],
    handle: async ({ param }, body) => {
      const name = param('name');
      if (!NAME_PATTERN.test(name)) {
        const detail =
          'A name starts with a letter or _ and has at most 64 letters, digits, _ and -; ' +
          `this one is ${JSON.stringify(name)}.`;
        return refuse(problemFor('invalid-name', detail));
      }
      const draft = draftOf(name, body);
      if (draft.nodes.length === 0) {
        const detail = 'A DAG needs at least one node; "nodes" is empty. Add one.';
        return refuse(problemFor('dag-empty', detail));
      }
      const refused = refuseDag(validateDag(draft, cluster.findFunction));
      if (refused !== undefined) return refused;
      return answerResult(await cluster.putDag(draft), ({ version, created }) =>
        json(created ? 201 : 200, detailOf({ ...draft, version })),
      );
    },
  });
}

export function dagRoutes(context: ServerContext): readonly Endpoint[] {
  const { cluster } = context;
  return [
    putDag(context),
    endpoint({
      method: 'GET',
      path: '/api/v1/dags',
      tag,
      summary: 'List the DAGs',
      answers: { 200: { description: 'All of them, by name.', schema: dagList } },
      problems: [],
      handle: () => json(200, { dags: cluster.dags().map(detailOf) }),
    }),
    endpoint({
      method: 'GET',
      path,
      tag,
      summary: 'One DAG',
      answers: { 200: { description: 'The DAG.', schema: dagDetail } },
      problems: ['dag-not-found'],
      handle: ({ param }) => {
        const dag = cluster.findDag(param('name'));
        return dag === undefined ? missing(param('name')) : json(200, detailOf(dag));
      },
    }),
    endpoint({
      method: 'DELETE',
      path,
      tag,
      summary: 'Delete a DAG',
      answers: { 204: { description: 'Deleted.' } },
      problems: ['dag-not-found'],
      handle: async ({ param }) =>
        answerResult(await cluster.deleteDag(param('name')), () => NO_CONTENT),
    }),
  ];
}
