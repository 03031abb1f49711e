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
export { Cache, type CacheOptions, type CacheStatistics } from './cache/cache.ts';
export {
  Client,
  type ClientOptions,
  type InvocationRequest,
  type RegistryChange,
} from './client/client.ts';
export type { KeyWrite, NamedWrite } from './client/key-writer.ts';
export { keyReused, RequestClaims, type Claim } from './client/request-claims.ts';
export { Executor, type ExecutorOptions, type ExecutorStatistics } from './executor/executor.ts';
export type { Codec } from './ports/codec.ts';
export type { Ownership } from './ports/ownership.ts';
export {
  Scheduler,
  type SchedulerOptions,
  type SchedulerStatistics,
} from './scheduler/scheduler.ts';
export { INVOCATIONS_MAX } from './limits.ts';
export { HashRing } from './storage/hash-ring.ts';
export { StorageNode, type StorageNodeOptions } from './storage/storage-node.ts';
export {
  createServerRoles,
  startServerRoles,
  type ServerRoles,
  type ServerRolesOptions,
} from './cluster/server-roles.ts';
export {
  createWorkerRoles,
  type WorkerRoles,
  type WorkerRolesOptions,
} from './cluster/worker-roles.ts';
