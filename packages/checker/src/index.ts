// What the world may use of the checkers.
export {
  EMPTY_HISTORY,
  levels,
  type Answer,
  type Attempt,
  type CacheEntry,
  type CacheSnapshot,
  type ClientSession,
  type Dot,
  type Effect,
  type FunctionSession,
  type Held,
  type Invocation,
  type Leftovers,
  type Level,
  type Operation,
  type ReadOperation,
  type RecordedHistory,
  type RestingPlace,
  type Session,
  type Stamp,
  type Status,
  type Version,
  type WriteOperation,
} from './history.ts';
export { HistoryFormatError } from './json-shape.ts';
export { parseHistory } from './parse-history.ts';
export { checkCausal, type CausalVerdict } from './check-causal.ts';
export { checkCausalMemory } from './check-causal-memory.ts';
export { checkHistory, type CheckOptions } from './check-history.ts';
export { checkTransactions, type TransactionVerdict } from './check-transactions.ts';
export { detectPatterns, type PatternOptions } from './detect-patterns.ts';
export { type OperationReference, type Violation } from './violation.ts';
export { reportHistory, type HistoryReport } from './report-history.ts';
