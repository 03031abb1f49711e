/**
 * The roles and the ports they stand on.
 */
export type { Clock } from './ports/clock.ts';
export type { EventSink } from './ports/event-sink.ts';
export type {
  CallListener,
  FunctionCall,
  FunctionHost,
  LibraryReply,
  LibraryRequest,
  Outcome,
} from './ports/function-host.ts';
export type { Ports } from './ports/ports.ts';
export type { Random } from './ports/random.ts';
export type { Store, StoreEntry } from './ports/store.ts';
export type { Cancel, Timers } from './ports/timers.ts';
export type { Address, Role, Transport } from './ports/transport.ts';
