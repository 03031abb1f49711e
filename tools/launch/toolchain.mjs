// Node and pnpm for this project, installed inside it (docs/adr/0001). Both come as ready-made binaries in
// registry packages, one package per platform, so nothing is compiled and no install script runs.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { step } from './progress.mjs';

export const projectRoot = resolve(import.meta.dirname, '../..');
const toolchainFolder = join(projectRoot, '.toolchain');
const binFolder = join(toolchainFolder, 'bin');

/** Any release of these majors will do; the first start takes the newest. */
const nodeRange = '24';
const pnpmRange = '12';

const platform = `${process.platform}-${process.arch}`;
const nodePackage = platform === 'darwin-arm64' ? `node-bin-${platform}` : `node-${platform}`;
const pnpmPackage = `@pnpm/exe.${platform}`;

const stampFile = join(toolchainFolder, 'stamp');
const stamp = `${nodePackage}@${nodeRange} ${pnpmPackage}@${pnpmRange}`;

function isInstalled() {
  return (
    ['node', 'pnpm'].every((name) => existsSync(join(binFolder, name))) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === stamp
  );
}

/** The environment in which `node` and `pnpm` are the project's own. */
export function toolchainEnvironment() {
  return { ...process.env, PATH: `${binFolder}${delimiter}${process.env['PATH'] ?? ''}` };
}

export const nodePath = join(binFolder, 'node');
export const pnpmPath = join(binFolder, 'pnpm');

/** Installs the toolchain when it is not there yet. */
export async function ensureToolchain() {
  if (isInstalled()) return;
  mkdirSync(toolchainFolder, { recursive: true });
  writeFileSync(join(toolchainFolder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  const packages = [`${nodePackage}@${nodeRange}`, `${pnpmPackage}@${pnpmRange}`];
  await step(
    `Installing Node ${nodeRange} and pnpm ${pnpmRange} into .toolchain (once)`,
    'npm',
    ['install', '--prefix', toolchainFolder, ...quiet, ...packages],
    process.env,
  );
  rmSync(binFolder, { recursive: true, force: true });
  mkdirSync(binFolder);
  symlinkSync(`../node_modules/${nodePackage}/bin/node`, nodePath);
  symlinkSync(`../node_modules/${pnpmPackage}/pnpm`, pnpmPath);
  writeFileSync(stampFile, stamp);
}
