/**
 * Ends the whole process when user code cannot be ended alone. V8's time limit does not reach into
 * a long built-in (a huge sort, a BigInt power), its memory limit counts only part of what a
 * function can make a process use, and some shortages leave the thread lost for good. A thread of
 * its own sees all three, names the call on `reportFd`, and kills the process; whoever started it
 * reads the line, answers for the call, and starts another process.
 *
 * It also kills the process within a second when its parent is gone.
 *
 * Use, once in a worker process, on the main thread:
 *
 *     const watchdog = startWatchdog({ reportFd: 3 });
 *     const host = createIsolateHost({ executor: 'w1/e1', watch: watchdog.watch });
 */
import { Worker } from 'node:worker_threads';
import { assert } from '@stormglass/core';
import type { EntryWatch } from './entry-watch.ts';
import { createEntryWatch, createWatchedMemory } from './watched-entry.ts';

export interface WatchdogOptions {
  /** An open file descriptor, for example a pipe to the parent: gets a report as a line of JSON. */
  readonly reportFd: number;
  /**
   * How far an entry may be beyond its time limit, more where the machine gives it no CPU. Default
   * 100.
   */
  readonly graceMs?: number | undefined;
  /**
   * How far the resident memory of the process may grow beyond what it is now. Default 1,024 MB: a
   * function may have 512 MB, and beside it there are the cache and what was not collected yet.
   */
  readonly growthMb?: number | undefined;
}

/** The last words of a process that was killed with SIGKILL right after. */
export interface WatchdogReport {
  /** The call that was running; null when memory grew while none was. */
  readonly culprit: string | null;
  readonly type: 'timeout' | 'memory-limit';
  readonly detail: string;
}

export interface WatchdogThreadData {
  readonly memory: SharedArrayBuffer;
  readonly reportFd: number;
  readonly graceMs: number;
  readonly rssBytesMax: number;
  /** Taken before the thread starts: by then the parent may be gone. */
  readonly parentPid: number;
}

export interface Watchdog {
  /** For every host on this thread. */
  readonly watch: EntryWatch;
  readonly close: () => Promise<void>;
}

export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { reportFd, graceMs = 100, growthMb = 1_024 } = options;
  assert(graceMs >= 0 && growthMb > 0, 'a watchdog leaves some time and some memory');
  const memory = createWatchedMemory();
  const rssBytesMax = process.memoryUsage.rss() + growthMb * 2 ** 20;
  const workerData: WatchdogThreadData = {
    memory,
    reportFd,
    graceMs,
    rssBytesMax,
    parentPid: process.ppid,
  };
  const thread = new Worker(new URL('watchdog-main.ts', import.meta.url), { workerData });
  thread.unref();
  return {
    watch: createEntryWatch(memory),
    close: async () => {
      await thread.terminate();
    },
  };
}
