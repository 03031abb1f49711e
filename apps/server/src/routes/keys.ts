/**
 * `/api/v1/keys` (api.md, "Keys"). A key may hold any characters, slashes included, percent-encoded
 * or not.
 */
import {
  dependenciesOf,
  encodedBytes,
  isKey,
  KEY_LENGTH_MAX,
  keyBody,
  keyDetail,
  keyList,
  keyWritten,
  siblingsOf,
  toVersionVector,
  toVersionVectors,
  valueOf,
  versionOf,
  type Capsule,
  type Key,
  type VectorClock,
} from '@stormglass/core';
import type { KeyWrite } from '@stormglass/runtime';
import * as z from 'zod';
import {
  answerResult,
  json,
  jsonText,
  refuse,
  refuseFailure,
  type Answer,
} from '../http/answer.ts';
import {
  bodyEndpoint,
  endpoint,
  queryEndpoint,
  type Endpoint,
  type EndpointInput,
} from '../http/endpoint.ts';
import {
  IDEMPOTENT_REPLAYED,
  idempotencyHeader,
  parseIdempotencyKey,
} from '../http/idempotency-key.ts';
import { problemFor } from '../http/problem-document.ts';
import { requestDigests } from '../invocations/request-digests.ts';
import type { ServerContext } from '../server-context.ts';

const tag = 'Keys';
const path = '/api/v1/keys/{key...}';
const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1_000;

const ONCE =
  'With `Idempotency-Key` the same request, sent again within 24 hours, writes once and is answered ' +
  'the same; a replayed answer says `idempotent-replayed: true`.';
const ONCE_PROBLEMS = ['invalid-idempotency-key', 'idempotency-key-reused'] as const;

const cursorOf = (key: Key): string => Buffer.from(key, 'utf8').toString('base64url');

/** The last key of the page that this cursor came with; `undefined` where it came with none. */
function keyOf(cursor: string): Key | undefined {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  return isKey(key) && cursorOf(key) === cursor ? key : undefined;
}

const listQuery = z.object({
  prefix: z.string().max(KEY_LENGTH_MAX).default(''),
  cursor: z
    .string()
    .refine((text) => keyOf(text) !== undefined, 'expected a cursor from an earlier page')
    .optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
});

/** Values are spliced in as the text they are stored as. */
function detailText(key: Key, capsule: Capsule, value: string): string {
  const siblings = siblingsOf(capsule).map(
    (write) =>
      `{"value":${write.value ?? 'null'},"writer":${JSON.stringify(write.writer)},` +
      `"timestamp":${write.timestamp}}`,
  );
  return (
    `{"key":${JSON.stringify(key)},"value":${value},"siblings":[${siblings.join(',')}],` +
    `"version":${JSON.stringify(toVersionVector(versionOf(capsule)))},` +
    `"dependencies":${JSON.stringify(toVersionVectors(dependenciesOf(capsule)))},` +
    `"kind":"${capsule.kind}"}`
  );
}

const missing = (key: Key): Answer =>
  refuse(problemFor('key-not-found', `The key ${JSON.stringify(key)} has no value.`, { key }));

const written = (key: Key) => (clock: VectorClock) =>
  json(200, { key, version: toVersionVector(clock) });

/** With an `Idempotency-Key` once, and answered the same whenever it comes again. */
async function writeKey(
  { cluster }: ServerContext,
  { header, rawBody }: EndpointInput,
  { method, key, value }: KeyWrite & { readonly method: 'PUT' | 'DELETE' },
): Promise<Answer> {
  const name = parseIdempotencyKey(header('idempotency-key'));
  if (!name.ok) return refuseFailure(name.failure);
  if (name.value === undefined) {
    const done = value === null ? cluster.deleteKey(key) : cluster.putKey(key, value);
    return answerResult(await done, written(key));
  }
  const digests = requestDigests(`${method} /api/v1/keys/${key}`, rawBody);
  const done = await cluster.writeKeyOnce({ key: name.value, digests }, { key, value });
  return answerResult(done, ({ version, isReplayed }) =>
    jsonText(
      200,
      `{"key":${JSON.stringify(key)},"version":${version}}`,
      isReplayed ? IDEMPOTENT_REPLAYED : {},
    ),
  );
}

function checkKey(key: Key): Answer | undefined {
  if (isKey(key)) return undefined;
  const message = `A key has 1 to ${KEY_LENGTH_MAX} well-formed characters, this one has ${key.length}.`;
  const errors = [{ field: '/key', message }];
  return refuse(problemFor('invalid-request', `${message} Use a shorter one.`, { errors }));
}

/** `{}` has no value, and `{"value": null}` has one. */
const hasValue = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, 'value');

function encode(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function listRoute({ cluster }: ServerContext): Endpoint {
  return queryEndpoint({
    method: 'GET',
    path: '/api/v1/keys',
    tag,
    summary: 'Keys with a prefix, in order, in pages',
    query: listQuery,
    answers: { 200: { description: 'One page.', schema: keyList } },
    problems: ['unavailable'],
    handle: async (_input, { prefix, cursor, limit }) => {
      const after = cursor === undefined ? undefined : keyOf(cursor);
      return answerResult(await cluster.scanKeys({ prefix, after, limit }), (page) => {
        const keys = page.entries.map(([key, capsule]) => ({
          key,
          version: toVersionVector(versionOf(capsule)),
          kind: capsule.kind,
          bytes: encodedBytes(capsule),
        }));
        const last = keys.at(-1)?.key;
        if (page.complete || last === undefined) return json(200, { keys });
        return json(200, { keys, cursor: cursorOf(last) });
      });
    },
  });
}

function putRoute(context: ServerContext): Endpoint {
  return bodyEndpoint({
    method: 'PUT',
    path,
    tag,
    summary: 'Write a key',
    description: `When it answers, the value is durable. ${ONCE}`,
    headers: [idempotencyHeader],
    body: keyBody,
    answers: { 200: { description: 'The version after the write.', schema: keyWritten } },
    problems: ['lattice-mismatch', 'value-too-large', ...ONCE_PROBLEMS, 'unavailable'],
    handle: (input, body) => {
      const { param, rawBody } = input;
      const key = param('key');
      const refused = checkKey(key);
      if (refused !== undefined) return refused;
      const text = hasValue(rawBody) ? encode(body.value) : undefined;
      if (text === undefined) {
        const detail = hasValue(rawBody)
          ? 'value: nested too deeply. Flatten it.'
          : 'value: expected {"value": …}, got no value. Use DELETE to delete a key.';
        return refuse(
          problemFor('invalid-request', detail, {
            errors: [{ field: '/value', message: detail.replace('value: ', '') }],
          }),
        );
      }
      return writeKey(context, input, { method: 'PUT', key, value: text });
    },
  });
}

export function keyRoutes(context: ServerContext): readonly Endpoint[] {
  const { cluster } = context;
  return [
    listRoute(context),
    endpoint({
      method: 'GET',
      path,
      tag,
      summary: 'The value of a key, its siblings and its version',
      answers: { 200: { description: 'The key.', schema: keyDetail } },
      problems: ['key-not-found', 'unavailable'],
      handle: async ({ param }) => {
        const key = param('key');
        const refused = checkKey(key);
        if (refused !== undefined) return refused;
        return answerResult(await cluster.getKey(key), (capsule) => {
          const value = capsule === undefined ? undefined : valueOf(capsule);
          return capsule === undefined || value === undefined
            ? missing(key)
            : jsonText(200, detailText(key, capsule, value));
        });
      },
    }),
    putRoute(context),
    endpoint({
      method: 'DELETE',
      path,
      tag,
      summary: 'Delete a key',
      description: `Writes a tombstone, ordered like any other write. ${ONCE}`,
      headers: [idempotencyHeader],
      answers: { 200: { description: 'The version after the delete.', schema: keyWritten } },
      problems: [...ONCE_PROBLEMS, 'unavailable'],
      handle: (input) => {
        const key = input.param('key');
        return checkKey(key) ?? writeKey(context, input, { method: 'DELETE', key, value: null });
      },
    }),
  ];
}
