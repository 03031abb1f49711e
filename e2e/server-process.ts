/**
 * The server as `npm start` runs it: a process of its own with its workers, on a free port, over a
 * data folder that outlives it. It can be stopped, killed, and started again on what it left
 * behind.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url));
const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const POLL_INTERVAL_MS = 25;
const OUTPUT_KEPT_MAX = 20_000;

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    probe.close(() => resolve(port));
  });
  return promise;
}

/** Waits until `check` is true, and throws with `what` when it is not in time. */
export async function waitUntil(
  what: string,
  timeoutMs: number,
  check: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await delay(POLL_INTERVAL_MS);
  }
}

/**
 * What follows the command in /proc/<pid>/stat: state, parent. Absent where there is no such
 * process, or no /proc.
 */
function processState(
  pid: number,
): { readonly state: string; readonly parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent = '0'] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** A process that ended and was not waited for by its parent has ended all the same. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const state = processState(pid)?.state;
  return state !== 'Z' && state !== 'X';
}

/** One that is gone already, because its parent went first, is fine. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (isAlive(pid)) throw error;
  }
}

/** Every process below `root`; empty where there is no /proc. */
function descendantsOf(root: number): readonly number[] {
  let pids: readonly number[];
  try {
    pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
  const parents = new Map(pids.map((pid) => [pid, processState(pid)?.parent]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === root || isBelow(parent));
  };
  return pids.filter(isBelow);
}

interface ServerOptions {
  /** Further environment variables, such as WORKERS. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export class ServerProcess {
  readonly port: number;
  readonly #dataDir: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(port: number, dataDir: string, env: Readonly<Record<string, string>>) {
    this.port = port;
    this.#dataDir = dataDir;
    this.#env = env;
  }

  static async start({ env = {} }: ServerOptions = {}): Promise<ServerProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'stormglass-e2e-'));
    const server = new ServerProcess(await freePort(), dataDir, env);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('The server is not running.');
    return pid;
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** The server and every process that it started. */
  processes(): readonly number[] {
    return [this.pid, ...descendantsOf(this.pid)];
  }

  /** Starts it (again) on the same port and data, and waits until it takes work. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      cwd: PROJECT,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        PORT: String(this.port),
        DATA_DIR: this.#dataDir,
        LOG_LEVEL: 'warn',
        ...this.#env,
      },
      // The channel ends the server when this process is gone, however it ended.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-OUTPUT_KEPT_MAX);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    try {
      await waitUntil('the server is ready', READY_TIMEOUT_MS, () => this.#isReady(child));
    } catch (error) {
      this.signal('SIGKILL');
      throw new Error(`${String(error)}\nIt said:\n${this.#output}`, { cause: error });
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /**
   * SIGKILL to the server and to everything it started, all at once; resolves when they are gone.
   */
  async killEverything(): Promise<void> {
    const pids = this.processes();
    pids.forEach(kill);
    await this.#waitForEnd(pids);
  }

  /** Asks it to end, as Ctrl-C does; resolves when it and its workers are gone. */
  async stop(): Promise<void> {
    if (this.#child?.exitCode !== null || this.#child.signalCode !== null) return;
    const pids = this.processes();
    this.signal('SIGTERM');
    try {
      await this.#waitForEnd(pids);
    } catch (error) {
      pids.forEach(kill);
      throw error;
    }
  }

  /** Stops it for good, and removes its data. */
  async dispose(): Promise<void> {
    try {
      await this.stop();
    } finally {
      await rm(this.#dataDir, { recursive: true, force: true });
    }
  }

  async #isReady(child: ChildProcess): Promise<boolean> {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the server ended with exit code ${child.exitCode}`);
    }
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false;
    }
  }

  #waitForEnd(pids: readonly number[]): Promise<void> {
    return waitUntil(
      'the server and its workers have ended',
      STOP_TIMEOUT_MS,
      () => !pids.some(isAlive),
    );
  }
}
