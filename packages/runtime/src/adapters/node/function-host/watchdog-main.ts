/**
 * The watchdog's thread; start-watchdog.ts says what it ends and why.
 */
import { readFileSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { WatchdogReport, WatchdogThreadData } from './start-watchdog.ts';
import { BUSY_LINE, BUSY_PERIOD_MS } from '../busy-line.ts';
import { entryNumber, readEntry } from './watched-entry.ts';
import type { WatchedEntry } from './watched-entry.ts';

const POLL_MS = 20;
const PARENT_POLL_MS = 250;
/**
 * An open entry computes; a thread that sleeps this long inside one is where V8 parks it after a
 * fatal shortage.
 */
const ASLEEP_MS = 300;
const WRITE_ATTEMPTS = 50;

function isThreadData(data: unknown): data is WatchdogThreadData {
  return typeof data === 'object' && data !== null && 'memory' in data && 'reportFd' in data;
}

/** A full pipe must not keep the process alive: after a while it goes without a word. */
function report(fd: number, line: WatchdogReport): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt += 1) {
    try {
      writeSync(fd, `${JSON.stringify(line)}\n`);
      return;
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!isFull) return;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** Once: when nobody reads it, nobody needs it. */
function sayBusy(fd: number): void {
  try {
    writeSync(fd, BUSY_LINE);
  } catch {
    // The pipe is full, or whoever read it is gone.
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Linux only; elsewhere a parked thread is ended at its deadline. */
function isMainThreadAsleep(): boolean {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('S');
  } catch {
    return false;
  }
}

/** Of the whole process, all threads. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Follows one open entry from poll to poll. */
interface Seen {
  readonly number: number;
  readonly sinceMs: number;
  awakeMs: number;
  /** The CPU time of the process when the entry's time ran out. */
  cpuMsAtDeadline: number | undefined;
}

/**
 * On a crowded machine V8 may get no turn to end the entry itself. So the grace is over when the
 * process used half of it to compute; whether it did or not, after ten times as long.
 */
function isOverdue(seen: Seen, budgetMs: number, graceMs: number, nowMs: number): boolean {
  const lateMs = nowMs - seen.sinceMs - budgetMs;
  if (lateMs <= 0) return false;
  seen.cpuMsAtDeadline ??= cpuMs();
  if (lateMs <= graceMs) return false;
  return lateMs > graceMs * 10 || cpuMs() - seen.cpuMsAtDeadline > graceMs / 2;
}

function watch(data: WatchdogThreadData): void {
  const { memory, reportFd, graceMs, rssBytesMax, parentPid } = data;
  let seen: Seen | undefined;

  function end(culprit: WatchedEntry | undefined, type: WatchdogReport['type'], detail: string) {
    report(reportFd, { culprit: culprit?.callId ?? null, type, detail });
    die();
  }

  function checkEntry(entry: WatchedEntry, nowMs: number): void {
    const { number, budgetMs } = entry;
    if (seen?.number !== number) {
      seen = { number, sinceMs: nowMs, awakeMs: nowMs, cpuMsAtDeadline: undefined };
    }
    if (!isMainThreadAsleep()) seen.awakeMs = nowMs;
    if (nowMs - seen.awakeMs > ASLEEP_MS) {
      end(entry, 'memory-limit', 'The function ran out of memory in a way that V8 cannot undo.');
    } else if (isOverdue(seen, budgetMs, graceMs, nowMs)) {
      end(
        entry,
        'timeout',
        'The function was inside one long operation that V8 does not interrupt.',
      );
    }
  }

  setInterval(() => {
    const entry = readEntry(memory);
    const rssBytes = process.memoryUsage.rss();
    if (rssBytes > rssBytesMax) {
      const [mb, mbMax] = [rssBytes, rssBytesMax].map((bytes) => Math.round(bytes / 2 ** 20));
      end(
        entry,
        'memory-limit',
        `The worker process grew to ${mb} MB; it may have ${mbMax} MB. ` +
          'Keep less in memory, or read and write fewer keys in one invocation.',
      );
    } else if (entry !== undefined) checkEntry(entry, performance.now());
  }, POLL_MS);
  setInterval(() => {
    if (process.ppid !== parentPid) die();
  }, PARENT_POLL_MS);
  let lastNumber = entryNumber(memory);
  setInterval(() => {
    const number = entryNumber(memory);
    if (number !== lastNumber || number % 2 === 1) sayBusy(reportFd);
    lastNumber = number;
  }, BUSY_PERIOD_MS);
}

if (isThreadData(workerData)) watch(workerData);
