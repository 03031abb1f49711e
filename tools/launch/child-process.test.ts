// The promise of the launcher: when it ends, in whatever way, nothing that it started remains.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const moduleUrl = pathToFileURL(join(import.meta.dirname, 'child-process.mjs')).href;

/** A server with a child of its own. Told to end, it ends cleanly; without its launcher it ends as well. */
const server = `
  const { spawn } = require('node:child_process');
  const worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const end = (code) => { worker.kill('SIGKILL'); process.exit(code); };
  process.on('SIGINT', () => end(0));
  process.on('disconnect', () => end(0));
  
  console.log(JSON.stringify([process.pid, worker.pid]));
`;

const launcher = `
  import { endTogether, exitCode, startProcess } from ${JSON.stringify(moduleUrl)};
  endTogether();
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  const server = startProcess(process.execPath, ['-e', process.env.SERVER], { stdio }, 'program');
  process.exit(await exitCode(server));
`;

const started: ChildProcess[] = [];
const startedByThem: number[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const pid of startedByThem.splice(0).filter(isAlive)) process.kill(pid, 'SIGKILL');
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function launch() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', launcher], {
    env: { ...process.env, SERVER: server },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const pids: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    pids.push(...(JSON.parse(line) as number[]));
    break;
  }
  startedByThem.push(...pids);
  expect(pids.map(isAlive)).toEqual([true, true]);
  return { child, ended, pids };
}

async function expectGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
}

test('SIGINT is passed on once, waited for, and its exit code handed on', async () => {
  const { child, ended, pids } = await launch();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  await expectGone(pids);
});

test('a launcher that is killed leaves no server and no worker', async () => {
  const { child, pids } = await launch();
  child.kill('SIGKILL');
  await expectGone(pids);
});

test('a server that is killed leaves no worker and no launcher', async () => {
  const { ended, pids } = await launch();
  process.kill(pids[0]!, 'SIGKILL');
  expect(await ended).toBe(137);
  await expectGone(pids);
});
