/**
 * The OpenAPI 3.1 document, made from the endpoints that the server routes by.
 */
import { problem, problemTypes, type ProblemType } from '@stormglass/core';
import * as z from 'zod';
import type { EndpointDescription } from './endpoint.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const TEXT_TYPES = new Map([['/metrics', 'text/plain']]);

/** Schemas as part of a document have no dialect of their own. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function queryParameters(query: z.ZodType | undefined): readonly JsonObject[] {
  if (query === undefined) return [];
  const properties = schemaOf(query, 'input')['properties'];
  return Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema,
  }));
}

function pathParameters(path: string): readonly JsonObject[] {
  return [...path.matchAll(/\{(?<name>\w+)\}/gu)].map((match) => ({
    name: match.groups?.['name'],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

const headerParameters = ({ headers = [] }: EndpointDescription): readonly JsonObject[] =>
  headers.map((header) => ({
    ...header,
    in: 'header',
    required: false,
    schema: { type: 'string' },
  }));

const both = (schema: JsonObject): JsonObject => ({
  'application/json': { schema },
  'application/msgpack': { schema },
});

function answersOf({ answers, path }: EndpointDescription): JsonObject {
  const textType = TEXT_TYPES.get(path);
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema }]) => {
      const typed = textType && { [textType]: { schema: { type: 'string' } } };
      const content = schema === undefined ? typed : both(schemaOf(schema, 'output'));
      return [status, content === undefined ? { description } : { description, content }];
    }),
  );
}

const PROBLEM_CONTENT = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

/** Problems share a body; an answer lists the slugs of its status. */
function problemAnswers(slugs: readonly ProblemType[]): JsonObject {
  const byStatus = Map.groupBy(slugs, (slug) => problemTypes[slug].status);
  return Object.fromEntries(
    [...byStatus].map(([status, types]) => [
      status,
      {
        description: types.map((type) => `\`${type}\`: ${problemTypes[type].title}.`).join(' '),
        content: PROBLEM_CONTENT,
      },
    ]),
  );
}

/** What any request can be answered with: the answer of a status that its operation does not list. */
const EVERYWHERE =
  'malformed-json, invalid-request, unsupported-media-type, body-too-large, internal';

function operationOf(endpoint: EndpointDescription): JsonObject {
  const { tag, summary, description, body } = endpoint;
  const parameters = [
    ...pathParameters(endpoint.path),
    ...queryParameters(endpoint.query),
    ...headerParameters(endpoint),
  ];
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { content: both(schemaOf(body, 'input')) } }),
    ...(endpoint.frames === undefined
      ? {}
      : {
          'x-websocket': {
            up: schemaOf(endpoint.frames.up, 'input'),
            down: schemaOf(endpoint.frames.down, 'output'),
          },
        }),
    responses: {
      ...answersOf(endpoint),
      ...problemAnswers(endpoint.problems),
      default: { description: `A problem: ${EVERYWHERE}.`, content: PROBLEM_CONTENT },
    },
  };
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonObject;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: JsonObject;
}

const documentedPath = (path: string): string => path.replaceAll('...}', '}');

export function openApiDocument(endpoints: readonly EndpointDescription[]): OpenApiDocument {
  const paths = new Map<string, Record<string, JsonObject>>();
  for (const endpoint of endpoints) {
    const path = documentedPath(endpoint.path);
    const operations = paths.get(path) ?? {};
    operations[endpoint.method.toLowerCase()] = operationOf({ ...endpoint, path });
    paths.set(path, operations);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stormglass',
      version: '1',
      description:
        'Functions, DAGs of functions, invocations, keys, and the cluster they run on. ' +
        'Bodies are JSON or MessagePack; in JSON a binary value is `{"$bytes": base64}`. ' +
        `Any request may also be answered with ${EVERYWHERE}. ` +
        'The live stream is a WebSocket at `/api/v1/events`.',
    },
    paths: Object.fromEntries(paths),
    components: { schemas: { Problem: schemaOf(problem, 'output') } },
  };
}
