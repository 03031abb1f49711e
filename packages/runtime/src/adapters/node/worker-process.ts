/**
 * One worker process from outside: started with an empty environment, in a jail where there is one,
 * its output in the log, and its last words kept.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { BUSY_LINE } from './busy-line.ts';
import { withoutOwnFiles } from './child-descriptors.ts';
import type { Jail } from './jail.ts';
import type { Log } from './log.ts';
import { readHostPid } from './host-pid.ts';
import type { WorkerExit } from './worker-exit.ts';

/** The file descriptor on which a worker says why it is about to end, one line of JSON. */
export const LAST_WORDS_FD = 3;
/** The file descriptor on which bubblewrap tells the process that it started. */
const JAIL_INFO_FD = 4;
const LAST_WORDS_LENGTH_MAX = 64 * 1024;

/**
 * Isolates do not go together with Node's own start-up snapshot. The last three let V8 optimise a
 * function after fewer calls, so that a new worker is fast sooner.
 */
const NODE_FLAGS = [
  '--no-node-snapshot',
  '--disable-warning=ExperimentalWarning',
  '--invocation-count-for-maglev=50',
  '--invocation-count-for-turbofan=500',
  '--minimum-invocations-after-ic-update=50',
];
/** The same time zone in and outside a jail, and no environment otherwise. */
const ENVIRONMENT = { TZ: 'UTC' };

export interface WorkerProcessOptions {
  /** The module that a worker runs. */
  readonly entry: string;
  readonly arguments: readonly string[];
  /** Written to its standard input, which then ends. */
  readonly input: string;
  readonly jail: Jail | undefined;
  readonly log: Log;
  /** It runs user code. */
  readonly onBusy?: (() => void) | undefined;
}

const isReadable = (stream: Readable | Writable | null | undefined): stream is Readable =>
  stream !== null && stream !== undefined && 'read' in stream;

export class WorkerProcess {
  /** Resolves when the process and everything it wrote are over. Never rejects. */
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  readonly #isJailed: boolean;
  #jailInfo = '';
  #lastWords = '';
  #jailedPid: number | undefined;

  constructor(options: WorkerProcessOptions) {
    const { entry, jail, log, input } = options;
    const node = [process.execPath, ...NODE_FLAGS, entry, ...options.arguments];
    const [command = '', ...rest] =
      jail === undefined
        ? node
        : jail.wrap(node, { infoFd: JAIL_INFO_FD, environment: ENVIRONMENT });
    this.#isJailed = jail !== undefined;
    const lastPipe = jail === undefined ? LAST_WORDS_FD : JAIL_INFO_FD;
    this.#child = withoutOwnFiles(lastPipe + 1, (stdio) =>
      spawn(command, rest, {
        env: ENVIRONMENT,
        cwd: '/',
        stdio,
        // A session of its own: Ctrl-C in a terminal is for the server, which then stops its workers.
        detached: true,
      }),
    );
    this.#follow(log, options.onBusy);
    this.exited = this.#watchExit(log);
    // Whoever is gone before it reads this is seen by its exit.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdin?.end(input);
  }

  /**
   * Of the worker itself, as this machine counts; of its jail while the worker in it is not known
   * yet.
   */
  get pid(): number {
    if (!this.#isJailed) return this.#child.pid ?? 0;
    this.#jailedPid ??= readHostPid(this.#jailInfo);
    return this.#jailedPid ?? this.#child.pid ?? 0;
  }

  /** SIGKILL. A jail takes its worker along. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #follow(log: Log, onBusy?: () => void): void {
    const { stdout, stderr, stdio } = this.#child;
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => log.info({ stream: 'stdout' }, line));
    }
    if (stderr !== null) {
      createInterface({ input: stderr }).on('line', (line) => log.warn({ stream: 'stderr' }, line));
    }
    const lastWords = stdio[LAST_WORDS_FD];
    if (isReadable(lastWords)) {
      lastWords.setEncoding('utf8').on('data', (text: string) => {
        const words = (this.#lastWords + text).split(BUSY_LINE);
        if (words.length > 1) onBusy?.();
        this.#lastWords = words.join('').slice(-LAST_WORDS_LENGTH_MAX);
      });
    }
    const [, , , , jailInfo] = stdio;
    if (isReadable(jailInfo)) {
      jailInfo.setEncoding('utf8').on('data', (text: string) => {
        this.#jailInfo += text;
      });
    }
  }

  #watchExit(log: Log): Promise<WorkerExit> {
    return new Promise((resolve) => {
      this.#child.on('error', (error) => {
        log.error({ error: error.message }, 'a worker process could not be started');
        if (this.#child.pid === undefined)
          resolve({ code: null, signal: null, lastWords: undefined });
      });
      this.#child.on('close', (code, signal) => {
        const lastWords = this.#lastWords.trim().split('\n').at(-1);
        resolve({ code, signal, lastWords: lastWords === '' ? undefined : lastWords });
      });
    });
  }
}
