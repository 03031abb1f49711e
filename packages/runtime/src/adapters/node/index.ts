/**
 * Adapters that need Node: isolates, durable files, sockets, processes.
 */
export { analyzeFunction } from './function-source/analyze-function.ts';
export type { FunctionSource } from './function-source/analyze-function.ts';
export { createIsolateHost } from './function-host/isolate-host.ts';
export type { IsolateHostOptions } from './function-host/isolate-host.ts';
