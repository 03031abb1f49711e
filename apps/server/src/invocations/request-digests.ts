/**
 * Digests of the parts of a request, to tell whether another request has the same key.
 */
import { createHash } from 'node:crypto';

/** The fields of every object in order, so that equal values have equal texts. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, inOrder)).digest('base64url');

/** @param body as it came, an object or nothing; each of its fields is a part */
export function requestDigests(path: string, body: unknown): Map<string, string> {
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const parts: readonly (readonly [string, unknown])[] = [['path', path], ...fields];
  const given = parts.filter(([, value]) => value !== undefined);
  return new Map(given.map(([name, value]) => [name, digest(value)]));
}
