// The files of this repository as the tidy tests see them: read once, generated folders left out.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export interface RepositoryFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const repositoryRoot = resolve(import.meta.dirname, '../..');

const skippedFolders = new Set([
  'node_modules',
  'dist',
  'coverage',
  'test-results',
  'playwright-report',
]);
const textEndings = /\.(?:ts|tsx|mjs|js|css|html|md|json)$/u;

function* walk(folder: string): Generator<RepositoryFile> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const absolute = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name) && !entry.name.startsWith('.')) yield* walk(absolute);
    } else if (entry.isFile() && textEndings.test(entry.name)) {
      const path = relative(repositoryRoot, absolute).split(sep).join('/');
      yield { path, text: readFileSync(absolute, 'utf8') };
    }
  }
}

let cached: readonly RepositoryFile[] | undefined;

/** Every text file below the root, sorted by path, without hidden folders and what tools generate. */
export function repositoryFiles(): readonly RepositoryFile[] {
  cached ??= [...walk(repositoryRoot)].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return cached;
}

export function isCode(path: string): boolean {
  return /\.(?:ts|tsx|mjs|js)$/u.test(path);
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/u.test(path) || path.includes('/testkit/') || path.startsWith('e2e/');
}

export function fileText(path: string): string {
  const file = repositoryFiles().find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`${path} is missing`);
  return file.text;
}
