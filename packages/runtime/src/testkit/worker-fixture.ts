/**
 * A worker process for tests: instead of a cache and executors it has one role that does what a
 * message says, at `cache/<worker>`. The text of a `storage.forget` is the command; answers come as
 * `scheduler.report`.
 */
import {
  cacheAddress,
  SCHEDULER,
  type FunctionDefinition,
  type RoleMessage,
} from '@stormglass/core';
import { readdirSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { SILENT_LOG } from '../adapters/node/log.ts';
import { readWorkerStart } from '../adapters/node/worker-start.ts';
import { runWorker, type HostedRoles, type WorkerContext } from '../adapters/node/worker.ts';
import type { FunctionHost } from '../ports/function-host.ts';

const LAST_WORDS_FD = 3;

function spinFor(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

const busyFunction: FunctionDefinition = {
  name: 'busy',
  version: 1,
  language: 'javascript',
  source: '',
  javascript: '',
  parameters: [],
  timeoutMs: 0,
  memoryMb: 8,
};

/** Runs a call by keeping the thread for as long as its id says. */
const busyHost: FunctionHost = {
  start: (call, listener) => {
    spinFor(Number(call.id));
    listener.finished({ status: 'returned', value: undefined });
  },
  cancel: () => undefined,
  pinnedFunctions: () => [],
  close: () => undefined,
};

/**
 * What the process is, has and reaches; `port` is one of this machine's loopback that somebody
 * listens on.
 */
function describeProcess(port: number, report: (text: string) => void): void {
  const tell = (reached: string): void => {
    const { env, pid } = process;
    report(JSON.stringify({ env, pid, uid: process.getuid?.(), root: readdirSync('/'), reached }));
  };
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('connect', () => tell('connected'));
  socket.on('error', (error) => tell('code' in error ? String(error.code) : error.message));
}

function createRoles({
  worker,
  ports,
  guard,
  executors,
  storageNodes,
}: WorkerContext): HostedRoles {
  const report = (text: string): void =>
    ports.transport.send(SCHEDULER, {
      type: 'scheduler.report',
      worker,
      added: [text],
      removed: [],
    });
  const host = guard(busyHost);
  const commands: Readonly<Record<string, (text: string) => void>> = {
    echo: report,
    emit: (id) => ports.events.emit({ kind: 'cluster.changed', change: 'storage-joined', id }),
    /**
     * `<worker>,<worker>,…;<event>`: each on the way emits `<event>@<worker>` and passes it on; the
     * last reports.
     */
    relay: (text) => {
      const [way = '', event = ''] = text.split(';');
      const [next, ...rest] = way === '' ? [] : way.split(',');
      commands['emit']?.(`${event}@${worker}`);
      if (next === undefined) report(`${event} arrived`);
      else {
        const cache = `relay:${rest.join(',')};${event}`;
        ports.transport.send(cacheAddress(next), { type: 'storage.forget', cache });
      }
    },
    spin: (durationMs) => spinFor(Number(durationMs)),
    /** `<duration>,<time limit>`: a call of user code. */
    call: (text) => {
      const [durationMs = '', timeoutMs = ''] = text.split(',');
      const definition = { ...busyFunction, timeoutMs: Number(timeoutMs) };
      report('before the call');
      host.start(
        { id: durationMs, definition, arguments: [] },
        {
          request: () => undefined,
          log: () => undefined,
          finished: () => report('after the call'),
        },
      );
    },
    exit: (code) => process.exit(Number(code)),
    lastWords: (line) => {
      writeSync(LAST_WORDS_FD, `${line}\n`);
      process.kill(process.pid, 'SIGKILL');
    },
    describe: (port) => describeProcess(Number(port), report),
    print: (line) => process.stdout.write(`${line}\n`),
  };
  const receive = (message: RoleMessage): void => {
    if (message.type !== 'storage.forget') return;
    const end = message.cache.indexOf(':');
    commands[message.cache.slice(0, end)]?.(message.cache.slice(end + 1));
  };
  return {
    all: [{ address: cacheAddress(worker), receive, close: () => undefined }],
    stats: () => ({
      executors: executors.map((id) => ({
        id,
        state: 'idle',
        calls: 0,
        utilisation: 0.5,
        pinnedFunctions: [...storageNodes],
      })),
      cache: { keys: 1, bytes: 2, pinned: 0, hits: 3, misses: 4, upstream: 5 },
    }),
  };
}

await runWorker({
  start: readWorkerStart(),
  createRoles,
  log: SILENT_LOG,
  exit: (code) => process.exit(code),
});
