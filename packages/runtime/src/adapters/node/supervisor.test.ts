import {
  cacheAddress,
  callAddress,
  SCHEDULER,
  type MessageOf,
  type RuntimeEvent,
} from '@stormglass/core';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { openLmdbStore } from './lmdb-store.ts';
import type { Log } from './log.ts';
import { ServerHub } from './server-hub.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';
import { monotonicNs, systemClock } from './system-clock.ts';

const entry = fileURLToPath(new URL('../../testkit/worker-fixture.ts', import.meta.url));

interface TestCluster {
  readonly supervisor: Supervisor;
  readonly hub: ServerHub;
  readonly reports: MessageOf<'scheduler.worker'>[];
  /** By executor, as the scheduler is told. */
  readonly utilisations: ReadonlyMap<string, number>;
  /** Ids of the events in the log, in order. */
  readonly events: string[];
  readonly answers: string[];
  readonly lines: string[];
  readonly tell: (worker: string, command: string) => void;
}

const open: Supervisor[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((supervisor) => supervisor.close()));
});

/** `undefined` where there is no way to see them. */
function openFiles(pid: number): readonly string[] | undefined {
  const directory = `/proc/${pid}/fd`;
  if (!existsSync(directory)) return undefined;
  return readdirSync(directory).flatMap((name) => {
    try {
      return [readlinkSync(join(directory, name))];
    } catch {
      return [];
    }
  });
}

const nameOf = (event: RuntimeEvent): string =>
  event.kind === 'cluster.changed' && event.change !== 'storage-joined'
    ? `${event.change} ${event.id}`
    : event.kind === 'cluster.changed'
      ? event.id
      : event.kind;

async function startCluster(
  workers: number,
  overrides: Partial<SupervisorOptions> = {},
): Promise<TestCluster> {
  const startedAtNs = monotonicNs();
  const [events, answers, lines]: string[][] = [[], [], []];
  const reports: MessageOf<'scheduler.worker'>[] = [];
  const utilisations = new Map<string, number>();
  const write: Log['info'] = (fields, text) => lines!.push(`${text} ${JSON.stringify(fields)}`);
  const log: Log = { debug: () => undefined, info: write, warn: write, error: write };
  const clock = systemClock(startedAtNs);
  const hub = new ServerHub({ clock, log, onEvent: (told) => events!.push(nameOf(told.event())) });
  hub.transport.add({
    address: SCHEDULER,
    receive: (message) => {
      if (message.type === 'scheduler.report')
        answers!.push(`${message.worker}: ${message.added[0]}`);
    },
    close: () => undefined,
  });
  const incarnations = new Map<string, number>();
  const supervisor = await Supervisor.open({
    hub,
    entry,
    storageNodes: ['s1', 's2'],
    startedAtNs,
    nextIncarnation: async (worker) => {
      incarnations.set(worker, (incarnations.get(worker) ?? 0) + 1);
      return incarnations.get(worker) ?? 0;
    },
    report: (message) => {
      if (message.type === 'scheduler.worker') reports.push(message);
      else if (message.type === 'scheduler.utilisation')
        for (const told of message.executors) utilisations.set(...told);
    },
    log,
    jail: false,
    ...overrides,
  });
  open.push(supervisor);
  await Promise.all(Array.from({ length: workers }, () => supervisor.addWorker()));
  const tell = (worker: string, cache: string): void =>
    hub.transport.send(cacheAddress(worker), { type: 'storage.forget', cache });
  const logs = { events: events!, answers: answers!, lines: lines! };
  return { supervisor, hub, reports, utilisations, ...logs, tell };
}

/** A process that is dead but not yet collected by its parent has ended, too. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/\) [XZ]/u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return (
      error instanceof Error && 'code' in error && error.code !== 'ESRCH' && !existsSync('/proc')
    );
  }
};

const told = ({ worker, status }: MessageOf<'scheduler.worker'>): string => `${worker} ${status}`;

interface Description {
  readonly env: Record<string, string>;
  readonly pid: number;
  readonly uid: number;
  readonly root: readonly string[];
  readonly reached: string;
}

const described = (text: string): Description => JSON.parse(text.slice(text.indexOf('{')));

/** A worker takes some time to start, more on a busy machine. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000 });

async function listeningPort(): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * Two workers join, talk to each other, and one of them is killed: with and without a jail the
 * same.
 */
async function expectToLiveThrough(cluster: TestCluster): Promise<void> {
  const { supervisor, reports, answers, events, tell } = cluster;
  const rounds = 200;
  const way = 'w2,w1,w2,w2,w1';
  for (let round = 0; round < rounds; round += 1) tell('w1', `relay:${way};${round}`);
  await eventually(() => expect(answers).toHaveLength(rounds));
  await eventually(() => expect(events).toHaveLength(2 + rounds * 6));
  for (let round = 0; round < rounds; round += 1) {
    expect(events.filter((id) => id.startsWith(`${round}@`))).toEqual(
      `w1,${way}`.split(',').map((worker) => `${round}@${worker}`),
    );
  }

  const before = supervisor.workers().find(({ id }) => id === 'w2')!;
  process.kill(before.pid, 'SIGKILL');
  await eventually(() => expect(reports.slice(2).map(told)).toEqual(['w2 lost', 'w2 joined']));
  expect(isAlive(before.pid)).toBe(false);
  expect(reports[2]?.culprit).toBeUndefined();
  const after = supervisor.workers().find(({ id }) => id === 'w2')!;
  expect(after).toMatchObject({ incarnation: 2, state: 'running', jailed: before.jailed });
  expect(after.pid).not.toBe(before.pid);
  expect(isAlive(after.pid)).toBe(true);
  expect(events.filter((id) => id.endsWith(' w2'))).toEqual([
    'worker-joined w2',
    'worker-crashed w2',
    'worker-joined w2',
  ]);
  // In both directions, over links to the new process.
  answers.length = 0;
  tell('w1', 'relay:w2,w1;after');
  await eventually(() => expect(answers).toEqual(['w1: after arrived']));
  await eventually(() => expect(events.slice(-3)).toEqual(['after@w1', 'after@w2', 'after@w1']));
}

test('workers join and tell their figures', async () => {
  const { supervisor, reports, utilisations, events } = await startCluster(2);
  expect(reports.map(told).toSorted()).toEqual(['w1 joined', 'w2 joined']);
  expect(events.toSorted()).toEqual(['worker-joined w1', 'worker-joined w2']);
  await supervisor.refresh();
  expect(supervisor.workers()[0]).toMatchObject({
    id: 'w1',
    incarnation: 1,
    state: 'running',
    jailed: false,
    executors: [
      { id: 'w1/e1', state: 'idle', calls: 0, utilisation: 0.5, pinnedFunctions: ['s1', 's2'] },
      { id: 'w1/e2' },
    ],
    cache: { keys: 1, bytes: 2, pinned: 0, hits: 3, misses: 4, upstream: 5 },
  });
  expect(utilisations.get('w1/e1')).toBe(0.5);
});

test('workers talk directly, the log is in causal order, a killed worker is replaced', async () => {
  await expectToLiveThrough(await startCluster(2));
});

test('the same in a jail, where there is one: no environment, no network, its own process ids', async () => {
  const cluster = await startCluster(2, { jail: true });
  const { supervisor, answers, lines, tell } = cluster;
  await expectToLiveThrough(cluster);
  const [worker] = supervisor.workers();
  if (worker?.jailed !== true) {
    expect(lines.join('\n')).toMatch(/bubblewrap (?:is not installed|does not work here)/u);
    return;
  }
  answers.length = 0;
  tell('w1', `describe:${await listeningPort()}`);
  await eventually(() => expect(answers).toHaveLength(1));
  const inside = described(answers[0]!);
  expect(inside).toMatchObject({ reached: 'ECONNREFUSED' });
  expect(Object.keys(inside.env).filter((name) => name !== 'PWD')).toEqual(['TZ']);
  expect(inside.uid).not.toBe(0);
  expect(inside.pid).not.toBe(worker.pid);
  expect(inside.root).not.toContain('home');
  expect(inside.root).not.toContain('var');
});

test('what a worker said last names the call that brought it down', async () => {
  const { reports, lines, tell } = await startCluster(1);
  const place = { executor: 'w1/e2', invocation: 'i1', attempt: 3, node: 'sum' };
  const report = { culprit: callAddress(place), type: 'timeout', detail: 'too long' };
  tell('w1', `lastWords:${JSON.stringify(report)}`);
  await eventually(() => expect(reports.map(told)).toContain('w1 lost'));
  expect(reports[1]?.culprit).toEqual({
    invocation: 'i1',
    attempt: 3,
    node: 'sum',
    type: 'timeout',
    detail: 'too long',
  });
  expect(lines.at(-1)).toContain('It was ended by SIGKILL: too long"');
});

test('a drained worker goes on until it is stopped, and is not replaced', async () => {
  const { supervisor, reports, answers, events, tell } = await startCluster(2);
  const { pid } = supervisor.workers()[0]!;
  expect(supervisor.drainWorker('w1')).toBe(true);
  expect(supervisor.drainWorker('nobody')).toBe(false);
  expect(reports.at(-1)).toMatchObject({ worker: 'w1', status: 'draining' });
  expect(supervisor.workers()[0]).toMatchObject({ state: 'draining' });
  tell('w1', 'emit:still here');
  tell('w1', 'echo:still here');
  await eventually(() => expect(answers).toEqual(['w1: still here']));
  expect(supervisor.stopWorker('w1')).toBe(true);
  await eventually(() => expect(supervisor.workers().map(({ id }) => id)).toEqual(['w2']));
  expect(isAlive(pid)).toBe(false);
  expect(reports.at(-1)).toMatchObject({ worker: 'w1', status: 'lost' });
  expect(events.slice(2)).toEqual(['worker-draining w1', 'still here', 'worker-left w1']);
  expect(await supervisor.addWorker()).toBe('w3');
});

test('without a jail the environment is empty all the same', async () => {
  const { answers, tell } = await startCluster(1);
  tell('w1', `describe:${await listeningPort()}`);
  await eventually(() => expect(answers).toHaveLength(1));
  // The same connection succeeds here, so the refusal in a jail is the jail's.
  expect(described(answers[0]!)).toMatchObject({ env: { TZ: 'UTC' }, reached: 'connected' });
});

test.each([false, true])('no worker has a file of the store open (jail: %s)', async (jail) => {
  const path = await mkdtemp(join(tmpdir(), 'supervisor-test-'));
  onTestFinished(() => rm(path, { recursive: true }));
  const store = openLmdbStore({ path });
  onTestFinished(() => store.close());
  const { supervisor } = await startCluster(1, { jail });
  const own = openFiles(process.pid);
  expect(own === undefined || own.some((file) => file.startsWith(path))).toBe(true);
  const files = openFiles(supervisor.workers()[0]!.pid) ?? [];
  expect(files.filter((file) => file.startsWith(path))).toEqual([]);
});

test('what a worker prints is in the log, with its name', async () => {
  const { lines, tell } = await startCluster(1);
  tell('w1', 'print:a line of text');
  await eventually(() =>
    expect(lines.find((line) => line.startsWith('a line of text'))).toContain('"worker":"w1"'),
  );
});

test('a silent worker is killed, one that announced a long call is not', async () => {
  const { answers, reports, supervisor, tell } = await startCluster(2, { silenceMs: 2_000 });
  tell('w1', 'call:6000,60000');
  // What was sent before the call is here long before it ends.
  await eventually(() => expect(answers).toEqual(['w1: before the call']));
  process.kill(supervisor.workers()[1]!.pid, 'SIGSTOP');
  await eventually(() => expect(reports.slice(2).map(told)).toContain('w2 lost'));
  expect(answers).toEqual(['w1: before the call']);
  await eventually(() => expect(answers).toHaveLength(2));
  expect(reports.map(told)).not.toContain('w1 lost');
});

test('a worker that cannot start is given up with the reason', async () => {
  const missing = fileURLToPath(new URL('no-such-worker.ts', import.meta.url));
  const { supervisor, lines } = await startCluster(0, { entry: missing });
  await expect(supervisor.addWorker()).rejects.toThrow(
    'The worker w1 did not start: It ended with code 1',
  );
  expect(supervisor.workers()).toEqual([]);
  expect(lines.join('\n')).toContain('Cannot find module');
});

test('where no worker ever starts in the jail, workers run without it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'supervisor-test-'));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true });
  });
  // Passes the probe, and fails for a worker.
  const program =
    '#!/bin/sh\nwhile [ "$1" != -- ]; do [ "$1" = --info-fd ] && exit 1; shift; done; shift; exec "$@"\n';
  await writeFile(join(directory, 'bwrap'), program, { mode: 0o755 });
  vi.stubEnv('PATH', directory);
  const { supervisor, lines } = await startCluster(2, { jail: true });
  expect(supervisor.workers().map(({ jailed }) => jailed)).toEqual([false, false]);
  const warnings = lines.filter((line) => line.startsWith('no worker ever started in the jail'));
  expect(warnings).toHaveLength(1);
});

test('close ends every process, a busy one too', async () => {
  const { supervisor, tell, answers } = await startCluster(2);
  const pids = supervisor.workers().map(({ pid }) => pid);
  tell('w1', 'call:60000,60000');
  await eventually(() => expect(answers).toHaveLength(1));
  await supervisor.close();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(supervisor.workers()).toEqual([]);
});

test.each([
  ['no-jail', ''],
  ['jail', 'spin:60000'],
])('kill -9 of the server leaves no worker alive after two seconds (%s)', async (jail, command) => {
  const fixture = fileURLToPath(new URL('../../testkit/server-fixture.ts', import.meta.url));
  const server = spawn(process.execPath, [fixture, jail, command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  const pids: number[] = JSON.parse(String(line));
  expect(pids).toHaveLength(2);
  expect(pids.every(isAlive)).toBe(true);
  server.kill('SIGKILL');
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 2_000 });
});
