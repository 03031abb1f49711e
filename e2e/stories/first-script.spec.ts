/**
 * What a direct link to a DAG has to load before it shows something stays small (studio.md 3.7).
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const DIST = fileURLToPath(new URL('../../apps/studio/dist/', import.meta.url));
const FIRST_SCRIPT_MAX_BYTES = 240 * 1_024;

const textOf = (chunk: string): string => readFileSync(`${DIST}assets/${chunk}`, 'utf8');

/** The chunks that a chunk cannot start without. */
const importsOf = (chunk: string): readonly string[] =>
  [...textOf(chunk).matchAll(/(?:from|import)\s?["'`]\.\/(?<name>[\w.-]+\.js)["'`]/gu)].map(
    (match) => match.groups?.['name'] ?? '',
  );

function closureOf(chunks: readonly string[]): ReadonlySet<string> {
  const found = new Set(chunks);
  // A set that grows while it is walked: what is added is walked too.
  for (const chunk of found) for (const name of importsOf(chunk)) found.add(name);
  return found;
}

test('the first script of a direct link is within its budget', () => {
  const page = readFileSync(`${DIST}index.html`, 'utf8');
  const entries = [...page.matchAll(/assets\/[\w.-]+\.js/gu)].map(([path]) => basename(path));
  const [editor] = readdirSync(`${DIST}assets`).filter((name) =>
    /^EditorScreen-.*\.js$/u.test(name),
  );
  const chunks = closureOf([...entries, editor!]);
  expect(chunks.size).toBeGreaterThan(5);
  const bytes = [...chunks].map((chunk) => gzipSync(textOf(chunk)).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(FIRST_SCRIPT_MAX_BYTES);
});
