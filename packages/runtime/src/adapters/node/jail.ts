/**
 * The jail around a worker process: bubblewrap with no network, no environment, no capabilities,
 * and of the file system only what running the worker takes, read-only. The socket directory is the
 * one thing that it shares with the server.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Log } from './log.ts';

const PROBE_TIMEOUT_MS = 5_000;

export interface Jail {
  /** The command line that runs `command` inside. `infoFd` is where bubblewrap writes about it. */
  readonly wrap: (
    command: readonly string[],
    inside: { readonly infoFd?: number; readonly environment: Readonly<Record<string, string>> },
  ) => readonly string[];
}

export interface JailOptions {
  /** Shared with the server and the other workers, writable. */
  readonly socketDirectory: string;
  /**
   * Code that workers run, besides Node itself. Default: the server, the packages, and what they
   * depend on.
   */
  readonly codePaths?: readonly string[] | undefined;
  readonly log: Log;
}

const repositoryPath = (name: string): string =>
  fileURLToPath(new URL(`../../../../../${name}`, import.meta.url));

const CODE_PATHS = ['apps/server', 'packages', 'node_modules'];

/** What the dynamic linker needs; the paths that do not exist are left out. */
const LIBRARY_PATHS = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/etc/ld.so.cache'];

const ISOLATION = ['--unshare-all', '--die-with-parent', '--clearenv', '--cap-drop', 'ALL'];
/** `nobody`. Needs a user namespace, which not every machine allows. */
const UNPRIVILEGED = ['--unshare-user', '--uid', '65534', '--gid', '65534'];

function findBubblewrap(): string | undefined {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, 'bwrap');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here; the next directory may have it.
    }
  }
  return undefined;
}

function jailWith(bubblewrap: string, user: readonly string[], options: JailOptions): Jail {
  const { socketDirectory } = options;
  const codePaths = options.codePaths ?? CODE_PATHS.map(repositoryPath);
  const binds = [
    ...LIBRARY_PATHS.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...[process.execPath, ...codePaths].flatMap((path) => ['--ro-bind', path, path]),
    ...['--bind', socketDirectory, socketDirectory],
    ...['--chdir', '/'],
  ];
  return {
    wrap: (command, { infoFd, environment }) => [
      bubblewrap,
      ...ISOLATION,
      ...user,
      ...binds,
      ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
      ...(infoFd === undefined ? [] : ['--info-fd', String(infoFd)]),
      '--',
      ...command,
    ],
  };
}

/** Whether Node starts in this jail; the reason when it does not. */
async function probe(jail: Jail): Promise<string | undefined> {
  const [command = '', ...rest] = jail.wrap([process.execPath, '--version'], { environment: {} });
  try {
    const { stdout } = await promisify(execFile)(command, rest, { timeout: PROBE_TIMEOUT_MS });
    return stdout.trim() === process.version ? undefined : `it printed ${stdout}`;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** The strictest jail that works here; `undefined` where none does, which the log then says. */
export async function openJail(options: JailOptions): Promise<Jail | undefined> {
  const { log } = options;
  const bubblewrap = process.platform === 'linux' ? findBubblewrap() : undefined;
  if (bubblewrap === undefined) {
    log.warn({}, 'bubblewrap is not installed: workers run without a jail');
    return undefined;
  }
  const reasons: string[] = [];
  for (const user of [UNPRIVILEGED, []]) {
    const jail = jailWith(bubblewrap, user, options);
    const reason = await probe(jail);
    if (reason === undefined) return jail;
    reasons.push(reason);
  }
  log.warn({ reasons }, 'bubblewrap does not work here: workers run without a jail');
  return undefined;
}
