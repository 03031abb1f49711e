import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openJail } from './jail.ts';
import { SILENT_LOG, type Log } from './log.ts';

/** Puts a bubblewrap of our own first, and only, on the path. */
async function usePath(bubblewrap: string | undefined): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'jail-test-'));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true });
  });
  if (bubblewrap !== undefined) {
    await writeFile(join(directory, 'bwrap'), bubblewrap);
    await chmod(join(directory, 'bwrap'), 0o755);
  }
  vi.stubEnv('PATH', directory);
  return directory;
}

async function openWithLog(socketDirectory: string): Promise<{
  readonly jail: Awaited<ReturnType<typeof openJail>>;
  readonly warnings: string[];
}> {
  const warnings: string[] = [];
  const log: Log = { ...SILENT_LOG, warn: (_, text) => warnings.push(text) };
  return { jail: await openJail({ socketDirectory, log }), warnings };
}

const RUNS_THE_COMMAND = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n';
const ONLY_WITHOUT_A_USER_NAMESPACE =
  '#!/bin/sh\nwhile [ "$1" != -- ]; do [ "$1" = --uid ] && exit 1; shift; done; shift; exec "$@"\n';

test('without bubblewrap there is no jail, and the log says so once', async () => {
  const { jail, warnings } = await openWithLog(await usePath(undefined));
  expect(jail).toBeUndefined();
  expect(warnings).toEqual(['bubblewrap is not installed: workers run without a jail']);
});

test('where bubblewrap fails there is no jail, and the log says so once', async () => {
  const { jail, warnings } = await openWithLog(await usePath('#!/bin/sh\nexit 1\n'));
  expect(jail).toBeUndefined();
  expect(warnings).toEqual(['bubblewrap does not work here: workers run without a jail']);
});

test('the strictest jail that works is taken', async () => {
  const strict = await openWithLog(await usePath(RUNS_THE_COMMAND));
  expect(strict.jail?.wrap(['node'], { environment: {} })).toContain('--uid');
  const weaker = await openWithLog(await usePath(ONLY_WITHOUT_A_USER_NAMESPACE));
  const command = weaker.jail?.wrap(['node'], { environment: { TZ: 'UTC' }, infoFd: 4 }) ?? [];
  expect(command).not.toContain('--uid');
  for (const option of ['--unshare-all', '--die-with-parent', '--clearenv']) {
    expect(command).toContain(option);
  }
  expect(command.slice(-2)).toEqual(['--', 'node']);
  expect(command.join(' ')).toContain('--setenv TZ UTC --info-fd 4');
  expect([...strict.warnings, ...weaker.warnings]).toEqual([]);
});
