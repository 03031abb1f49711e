// A Chromium for the stories in a browser: the system's, or one that Playwright keeps inside the project.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode, startProcess } from './child-process.mjs';
import { projectRoot, toolchainEnvironment } from './toolchain.mjs';

const browsersFolder = join(projectRoot, '.toolchain/browsers');
const systemCommands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A snap stub is called chromium too, but cannot run; so the answer to `--version` decides.
 *
 * @param {string} command
 */
function answers(command) {
  try {
    return execFileSync(command, ['--version'], { stdio: 'pipe', timeout: 20_000 }).length > 0;
  } catch {
    return false;
  }
}

/** @param {string} command */
function whereIs(command) {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    const candidate = join(folder, command);
    if (folder !== '' && existsSync(candidate)) return candidate;
  }
  return undefined;
}

function systemChromium() {
  return systemCommands
    .map(whereIs)
    .find((candidate) => candidate !== undefined && answers(candidate));
}

function hasPlaywrightChromium() {
  if (!existsSync(browsersFolder)) return false;
  return readdirSync(browsersFolder).some((name) => name.startsWith('chromium'));
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function attempt(command, args, env) {
  console.log(`$ ${command} ${args.join(' ')}`);
  const cwd = join(projectRoot, 'e2e');
  const child = startProcess(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return (await exitCode(child)) === 0;
}

function isDebian() {
  const release = '/etc/os-release';
  return existsSync(release) && /^ID=debian$/mu.test(readFileSync(release, 'utf8'));
}

/**
 * Finds or installs a Chromium. The environment it answers tells the Playwright configuration where:
 * STORMGLASS_CHROMIUM is the path of a system browser; without it Playwright uses its own.
 *
 * @returns {Promise<NodeJS.ProcessEnv | undefined>} undefined when no browser could be had
 */
export async function ensureChromium() {
  const env = { ...toolchainEnvironment(), PLAYWRIGHT_BROWSERS_PATH: browsersFolder };
  const given = process.env['STORMGLASS_CHROMIUM'] ?? systemChromium();
  if (given !== undefined) return { ...env, STORMGLASS_CHROMIUM: given };
  if (hasPlaywrightChromium()) return env;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && isDebian()) {
    const aptEnv = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
    await attempt('apt-get', ['update'], aptEnv);
    await attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], aptEnv);
    const installed = systemChromium();
    if (installed !== undefined) return { ...env, STORMGLASS_CHROMIUM: installed };
  }
  const playwright = join(projectRoot, 'e2e/node_modules/.bin/playwright');
  const withLibraries = isRoot && process.platform === 'linux' ? ['--with-deps'] : [];
  const got = await attempt(playwright, ['install', ...withLibraries, 'chromium'], env);
  return got ? env : undefined;
}
