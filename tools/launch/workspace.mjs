// The dependencies and the built studio, made only when what they are made from has changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { step } from './progress.mjs';
import { pnpmPath, projectRoot, toolchainEnvironment } from './toolchain.mjs';

const manifests = [
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'apps/server/package.json',
  'apps/studio/package.json',
  'e2e/package.json',
  'packages/core/package.json',
  'packages/checker/package.json',
  'packages/runtime/package.json',
];

const generatedFolders = new Set(['node_modules', 'dist', '.cache']);

/**
 * Files below a folder in a fixed order; a file is its own only member, a missing path has none.
 *
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  const absolute = join(projectRoot, path);
  if (!existsSync(absolute)) return [];
  const entries = readdirSync(absolute, { withFileTypes: true });
  return entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = join(path, entry.name);
      if (!entry.isDirectory()) return [below];
      return generatedFolders.has(entry.name) ? [] : filesBelow(below);
    });
}

/** @param {readonly string[]} files */
function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(projectRoot, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} stampFile where the digest of the last success is kept
 * @param {string} result what the work makes; the stamp counts only while it exists
 * @param {string} wanted
 * @param {() => Promise<void>} work
 */
async function unlessStamped(stampFile, result, wanted, work) {
  const isCurrent =
    existsSync(join(projectRoot, result)) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === wanted;
  if (isCurrent) return;
  await work();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}

/** Installs exactly what the lockfile says. */
export async function ensureInstalled() {
  const stampFile = join(projectRoot, 'node_modules/.stormglass-install');
  await unlessStamped(stampFile, 'node_modules/.pnpm', digest(manifests), () =>
    step(
      'Installing the dependencies',
      pnpmPath,
      ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'],
      toolchainEnvironment(),
    ),
  );
}

/** Builds the studio; the server serves the result. */
export async function ensureStudioBuilt() {
  const sources = ['apps/studio', 'packages/core/src', 'packages/runtime/src'].flatMap(filesBelow);
  const builtFrom = sources.filter((file) => !/\.test\.tsx?$/u.test(file));
  const stampFile = join(projectRoot, 'apps/studio/.cache/build-stamp');
  const wanted = digest([...manifests, ...builtFrom]);
  await unlessStamped(stampFile, 'apps/studio/dist/index.html', wanted, () =>
    step(
      'Building the studio',
      pnpmPath,
      ['--filter', '@stormglass/studio', 'build'],
      toolchainEnvironment(),
    ),
  );
}
