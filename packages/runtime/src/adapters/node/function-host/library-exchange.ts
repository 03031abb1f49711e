/**
 * Library requests and replies in the form in which they cross into an isolate: texts and numbers.
 */
import { assert, must } from '@stormglass/core';
import type { MergeOperand } from '@stormglass/core';
import type { LibraryReply, LibraryRequest } from '../../../ports/function-host.ts';
import type { DirectReply } from './bridge/host.ts';

function asText(value: unknown): string {
  assert(typeof value === 'string', 'the bridge sends a text here');
  return value;
}

function asNumber(value: unknown): number {
  assert(typeof value === 'number', 'the bridge sends a number here');
  return value;
}

function pairs(texts: readonly string[]): (readonly [string, string])[] {
  const fields: (readonly [string, string])[] = [];
  for (let index = 0; index < texts.length; index += 2) {
    fields.push([must(texts[index], 'a name'), must(texts[index + 1], 'every name has a value')]);
  }
  return fields;
}

function parseOperand(kind: unknown, content: readonly unknown[]): MergeOperand {
  switch (kind) {
    case 'counter':
      return { kind, add: asNumber(content[0]) };
    case 'max':
      return { kind, max: asNumber(content[0]) };
    case 'set':
      return { kind, elements: content.map(asText) };
    default:
      assert(kind === 'map', 'the bridge knows four kinds of lattice');
      return { kind: 'map', fields: pairs(content.map(asText)) };
  }
}

export function parseRequest(operation: unknown, values: readonly unknown[]): LibraryRequest {
  switch (operation) {
    case 'get':
      return { operation, keys: values.map(asText) };
    case 'siblings':
    case 'delete':
      return { operation, key: asText(values[0]) };
    case 'put':
      return { operation, key: asText(values[0]), value: asText(values[1]) };
    case 'merge':
      return {
        operation,
        key: asText(values[0]),
        operand: parseOperand(values[1], values.slice(2)),
      };
    case 'flush':
      return { operation };
    case 'send':
      return { operation, to: asText(values[0]), message: asText(values[1]) };
    default: {
      assert(operation === 'receive', 'the bridge knows eight operations');
      const timeoutMs = values[0] === undefined ? undefined : asNumber(values[0]);
      return { operation: 'receive', timeoutMs };
    }
  }
}

/** A tag and its texts, as {@link DirectReply} describes. */
export function replyTexts(reply: LibraryReply): [string, ...(string | undefined)[]] {
  switch (reply.status) {
    case 'values':
      return ['values', ...reply.values];
    case 'message':
      return ['message', reply.from, reply.message];
    case 'refused':
      return ['refused', reply.failure.type, reply.failure.detail];
    default:
      return ['done'];
  }
}

/**
 * The answer to a request that is answered at once. One value crosses as a plain text, which costs
 * half as much.
 */
export function directReply(reply: LibraryReply): DirectReply {
  if (reply.status === 'values' && reply.values.length === 1) return reply.values[0];
  if (reply.status === 'done' || reply.status === 'none') return undefined;
  return replyTexts(reply);
}
