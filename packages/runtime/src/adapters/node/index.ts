/**
 * Adapters that need Node: isolates, durable files, sockets, processes.
 */
export { analyzeFunction } from './function-source/analyze-function.ts';
export type { FunctionSource } from './function-source/analyze-function.ts';
