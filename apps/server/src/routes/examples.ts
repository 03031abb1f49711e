/**
 * `/api/v1/examples`: the DAGs that come with the server, and how to install one.
 */
import { exampleInstalled, exampleList } from '@stormglass/core';
import { answerResult, json, refuse } from '../http/answer.ts';
import { endpoint, type Endpoint } from '../http/endpoint.ts';
import { problemFor } from '../http/problem-document.ts';
import type { ServerContext } from '../server-context.ts';

const tag = 'Examples';

export function exampleRoutes({ examples }: ServerContext): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/examples',
      tag,
      summary: 'The examples that come with the server',
      answers: { 200: { description: 'All of them, easiest first.', schema: exampleList } },
      problems: [],
      handle: () => json(200, { examples: examples.list }),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/examples/{id}/install',
      tag,
      summary: 'Install an example',
      description:
        'Registers its functions and its DAG, and writes the keys it reads. ' +
        'What is there already stays as it is.',
      answers: { 200: { description: 'Installed.', schema: exampleInstalled } },
      problems: ['not-found', 'unavailable'],
      handle: async ({ param }) => {
        const id = param('id');
        const installed = await examples.install(id);
        if (installed !== undefined) return answerResult(installed, (value) => json(200, value));
        const known = examples.list.map((example) => example.id).join(', ');
        return refuse(problemFor('not-found', `No example is called ${id}; there are ${known}.`));
      },
    }),
  ];
}
