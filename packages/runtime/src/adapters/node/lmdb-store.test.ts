import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { describeStoreContract } from '../../testkit/describe-store-contract.ts';
import { openLmdbStore } from './lmdb-store.ts';

const directories: string[] = [];
const children: ChildProcess[] = [];

async function newDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lmdb-store-test-'));
  directories.push(path);
  return path;
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(directories.splice(0).map((path) => rm(path, { recursive: true })));
});

describeStoreContract('LMDB', async () => {
  const path = await mkdtemp(join(tmpdir(), 'lmdb-store-contract-'));
  const store = openLmdbStore({ path });
  return {
    store,
    dispose: async () => {
      await store.close();
      await rm(path, { recursive: true });
    },
  };
});

test('what was saved is there after closing and opening again', async () => {
  const path = await newDirectory();
  const long = `user/${'k'.repeat(1_950)}`;
  const first = openLmdbStore({ path });
  await first.save([
    { key: 'user/a', bytes: new Uint8Array([1, 2, 3]) },
    { key: long, bytes: new Uint8Array([4]) },
  ]);
  await first.close();
  const second = openLmdbStore({ path });
  expect(await second.load('user/a')).toEqual(new Uint8Array([1, 2, 3]));
  expect(await second.load(long)).toEqual(new Uint8Array([4]));
  await second.close();
});

/**
 * Saves pairs of entries for ever, 16 saves at a time, and prints the number of each that was
 * acknowledged.
 */
const endlessWriter = `
  import { openLmdbStore } from ${JSON.stringify(new URL('lmdb-store.ts', import.meta.url).href)};
  const store = openLmdbStore({ path: process.argv[1] });
  let next = 0;
  async function write() {
    for (;;) {
      const number = next++;
      const bytes = Buffer.from(String(number).repeat(100));
      await store.save([{ key: 'left/' + number, bytes }, { key: 'right/' + number, bytes }]);
      process.stdout.write(number + '\\n');
    }
  }
  for (let writer = 0; writer < 16; writer += 1) void write();
`;

test('kill -9 loses nothing that was acknowledged, and tears no save apart', async () => {
  const path = await newDirectory();
  const writer = spawn(process.execPath, ['--input-type=module', '-e', endlessWriter, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(writer);
  const exited = once(writer, 'exit');
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === 2_000) writer.kill('SIGKILL');
  }
  await exited;
  expect(acknowledged.length).toBeGreaterThanOrEqual(2_000);

  const store = openLmdbStore({ path });
  const left = await store.scan({ prefix: 'left/', limit: 1_000_000 });
  const right = await store.scan({ prefix: 'right/', limit: 1_000_000 });
  await store.close();
  const numbersOf = (entries: typeof left): number[] =>
    entries.map(({ key }) => Number(key.slice(key.indexOf('/') + 1))).toSorted((a, b) => a - b);
  expect(numbersOf(left)).toEqual(numbersOf(right));
  const found = new Set(numbersOf(left));
  expect(acknowledged.filter((number) => !found.has(number))).toEqual([]);
  for (const { key, bytes } of left) {
    expect(Buffer.from(bytes).toString()).toBe(key.slice('left/'.length).repeat(100));
  }
});
