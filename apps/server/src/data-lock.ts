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

interface Life {
  /** `undefined` where the system does not tell. */
  readonly start: string | undefined;
  /** Its process has ended and waits for nothing but its parent's notice. */
  readonly isOver: boolean;
}

/** What Linux says about a process; elsewhere nothing is known. */
async function lifeOf(pid: number): Promise<Life> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold anything, so the fields count from its end.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { start: fields[18], isOver: state === 'Z' || state === 'X' };
}

/** Process ids are used again, after a restart of the machine soon: the start tells them apart. */
async function isHeldBy(pid: number, start: string | undefined): Promise<boolean> {
  if (!(pid > 0) || pid === process.pid || !isRunning(pid)) return false;
  const life = await lifeOf(pid);
  if (life.isOver) return false;
  return start === undefined || life.start === undefined || start === life.start;
}

/**
 * Throws {@link CannotStart} while another process holds the folder. A lock whose process is gone
 * is taken over. Returns the way to give it back.
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'server.pid');
  const [holder = '', start] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
  if (await isHeldBy(Number(holder), start)) {
    throw new CannotStart(
      `Process ${holder} already serves ${folder}. Stop it, or set DATA_DIR to another folder.`,
    );
  }
  const own = await lifeOf(process.pid);
  const file = await open(path, 'w');
  await file.writeFile([String(process.pid), own.start].join(' ').trim());
  await file.close();
  return () => rm(path, { force: true });
}
