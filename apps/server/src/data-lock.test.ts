/**
 * The data folder belongs to one running server, and to nobody once that has ended.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CannotStart } from './cannot-start.ts';
import { lockDataFolder } from './data-lock.ts';

/** Only Linux says whether a process is over, and when it started. */
const isTold = process.platform === 'linux';

async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'data-lock-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** `script` prints the id of the process that is to hold the folder, and goes on. */
async function startHolder(script: string) {
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [printed] = await once(shell.stdout, 'data');
  return {
    pid: Number(String(printed)),
    shell: shell.pid,
    [Symbol.asyncDispose]: async () => {
      shell.kill('SIGKILL');
      await once(shell, 'exit');
    },
  };
}

test('a folder that a running process holds is refused; given back, it is free', async () => {
  await using data = await makeFolder();
  await using holder = await startHolder('echo $$; exec sleep 60');
  await writeFile(join(data.folder, 'server.pid'), String(holder.pid));
  await expect(lockDataFolder(data.folder)).rejects.toThrow(CannotStart);
  await expect(lockDataFolder(data.folder)).rejects.toThrow(`Process ${holder.pid} already serves`);
  await rm(join(data.folder, 'server.pid'));
  const unlock = await lockDataFolder(data.folder);
  await unlock();
  await expect(readFile(join(data.folder, 'server.pid'))).rejects.toThrow('ENOENT');
});

test('a holder that was killed and that its parent has not noticed yet holds nothing', async ({
  skip,
}) => {
  skip(!isTold);
  await using data = await makeFolder();
  await using holder = await startHolder('sleep 60 & echo $!; exec sleep 60');
  // The shell would notice; the `sleep` that it becomes waits for nobody.
  await expect.poll(() => readFile(`/proc/${holder.shell}/comm`, 'utf8')).toBe('sleep\n');
  process.kill(holder.pid, 'SIGKILL');
  await expect.poll(() => readFile(`/proc/${holder.pid}/stat`, 'utf8')).toContain(') Z ');
  const path = join(data.folder, 'server.pid');
  await writeFile(path, String(holder.pid));
  await lockDataFolder(data.folder);
  expect(await readFile(path, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`, 'u'));
});

test('another process that came to the same id later does not hold the folder', async ({
  skip,
}) => {
  skip(!isTold);
  await using data = await makeFolder();
  await using holder = await startHolder('echo $$; exec sleep 60');
  const stat = await readFile(`/proc/${holder.pid}/stat`, 'utf8');
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const path = join(data.folder, 'server.pid');
  await writeFile(path, `${holder.pid} ${start}`);
  await expect(lockDataFolder(data.folder)).rejects.toThrow(CannotStart);
  await writeFile(path, `${holder.pid} ${Number(start) - 1}`);
  await lockDataFolder(data.folder);
  expect(await readFile(path, 'utf8')).toContain(String(process.pid));
});
