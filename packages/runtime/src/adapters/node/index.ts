/**
 * Adapters that need Node: isolates, durable files, sockets, processes.
 */
export { analyzeFunction } from './function-source/analyze-function.ts';
export type { FunctionSource } from './function-source/analyze-function.ts';
export { createIsolateHost } from './function-host/isolate-host.ts';
export type { IsolateHostOptions } from './function-host/isolate-host.ts';
export { startWatchdog } from './function-host/start-watchdog.ts';
export type { Watchdog, WatchdogOptions } from './function-host/start-watchdog.ts';
export { openLmdbStore } from './lmdb-store.ts';
export { lineLog } from './log.ts';
export type { Log } from './log.ts';
export { nodeTimers } from './node-timers.ts';
export { ServerHub } from './server-hub.ts';
export { storedCodec } from './stored-codec.ts';
export { Supervisor } from './supervisor.ts';
export { monotonicNs, systemClock } from './system-clock.ts';
export { systemRandom } from './system-random.ts';
export { LAST_WORDS_FD } from './worker-process.ts';
export { readWorkerStart } from './worker-start.ts';
export { runWorker } from './worker.ts';
