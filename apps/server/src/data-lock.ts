/**
 * One server a data folder: two would both believe that they own its keys.
 */
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/**
 * Throws {@link CannotStart} while another process holds the folder. A lock whose process is gone
 * is taken over. Returns the way to give it back.
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'server.pid');
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new CannotStart(
      `Process ${holder} already serves ${folder}. Stop it, or set DATA_DIR to another folder.`,
    );
  }
  const file = await open(path, 'w');
  await file.writeFile(String(process.pid));
  await file.close();
  return () => rm(path, { force: true });
}
