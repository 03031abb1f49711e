/**
 * `/api/v1/functions` (api.md, "Functions").
 */
import {
  functionBody,
  functionDetail,
  functionList,
  functionSummary,
  type FunctionDefinition,
  type FunctionSummary,
} from '@stormglass/core';
import { answerResult, json, NO_CONTENT, refuse, refuseFailure } from '../http/answer.ts';
import { bodyEndpoint, endpoint, type Endpoint } from '../http/endpoint.ts';
import { problemFor } from '../http/problem-document.ts';
import type { ServerContext } from '../server-context.ts';

const tag = 'Functions';
const path = '/api/v1/functions/{name}';

function summaryOf(definition: FunctionDefinition): FunctionSummary {
  const { name, version, language, parameters, timeoutMs, memoryMb } = definition;
  return {
    name,
    version,
    language,
    parameters: parameters.map((parameter) => parameter.name),
    optional: parameters.filter(({ required }) => !required).map((parameter) => parameter.name),
    usesCloud: definition.cloudPosition !== undefined,
    timeoutMs,
    memoryMb,
  };
}

const missing = (name: string) =>
  refuse(
    problemFor('function-not-found', `No function is called ${name}. PUT it first.`, {
      function: name,
    }),
  );

function putFunction({ cluster, analyzeFunction }: ServerContext): Endpoint {
  return bodyEndpoint({
    method: 'PUT',
    path,
    tag,
    summary: 'Register or replace a function',
    description:
      'The source is an ES module whose default export is a function. The names in its signature ' +
      'are its ports; a parameter called `cloud` receives the state API.',
    body: functionBody,
    answers: {
      201: { description: 'New.', schema: functionSummary },
      200: { description: 'Replaced.', schema: functionSummary },
    },
    problems: ['invalid-name', 'syntax-error', 'unsupported-signature', 'unavailable'],
    handle: async ({ param }, body) => {
      const analyzed = analyzeFunction({ name: param('name'), version: 0, ...body });
      if (!analyzed.ok) return refuseFailure(analyzed.failure);
      const { version: _unversioned, ...draft } = analyzed.value;
      return answerResult(await cluster.putFunction(draft), ({ version, created }) =>
        json(created ? 201 : 200, summaryOf({ ...draft, version })),
      );
    },
  });
}

export function functionRoutes(context: ServerContext): readonly Endpoint[] {
  const { cluster } = context;
  return [
    putFunction(context),
    endpoint({
      method: 'GET',
      path: '/api/v1/functions',
      tag,
      summary: 'List the functions',
      answers: { 200: { description: 'All of them, by name.', schema: functionList } },
      problems: [],
      handle: () => json(200, { functions: cluster.functions().map(summaryOf) }),
    }),
    endpoint({
      method: 'GET',
      path,
      tag,
      summary: 'One function with its source',
      answers: { 200: { description: 'The function.', schema: functionDetail } },
      problems: ['function-not-found'],
      handle: ({ param }) => {
        const definition = cluster.findFunction(param('name'));
        if (definition === undefined) return missing(param('name'));
        return json(200, { ...summaryOf(definition), source: definition.source });
      },
    }),
    endpoint({
      method: 'DELETE',
      path,
      tag,
      summary: 'Delete a function that no DAG uses',
      answers: { 204: { description: 'Deleted.' } },
      problems: ['function-not-found', 'function-in-use'],
      handle: async ({ param }) =>
        answerResult(await cluster.deleteFunction(param('name')), () => NO_CONTENT),
    }),
  ];
}
