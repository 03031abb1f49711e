/**
 * The roles that live in the server process: storage nodes, the scheduler, and the client that
 * speaks for the application. This folder is the only place that knows all roles.
 */
import {
  answerRecord,
  capsule,
  commitRecord,
  packWrites,
  type CommitRecord,
  type StorageId,
  type WorkerId,
} from '@stormglass/core';
import { Client } from '../client/client.ts';
import type { Codec } from '../ports/codec.ts';
import type { Ports } from '../ports/ports.ts';
import type { Store } from '../ports/store.ts';
import type { Role } from '../ports/transport.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { HashRing } from '../storage/hash-ring.ts';
import { StorageNode } from '../storage/storage-node.ts';

export interface ServerRolesOptions {
  readonly ports: Ports;
  readonly stores: ReadonlyMap<StorageId, Store>;
  /** Makes the codec of what lies on disk; `parse` throws on anything but a `T`. */
  readonly codecOf: <T>(parse: (value: unknown) => T) => Codec<T>;
  /** Counts the starts of the server; the same number never comes twice. */
  readonly incarnation: number;
  /** See {@link SchedulerOptions.attemptTimeoutMs}. */
  readonly attemptTimeoutMs?: number | undefined;
  readonly onStoreFailure: (storage: StorageId, cause: unknown) => void;
  /** A draining worker has nothing left to do. */
  readonly onDrained: (worker: WorkerId) => void;
}

export interface ServerRoles {
  readonly all: readonly Role[];
  readonly storages: readonly StorageNode[];
  readonly scheduler: Scheduler;
  readonly client: Client;
  readonly ring: HashRing;
}

/** Of a record with very many writes, what they share is stored once. */
const recordCodecOf = (plain: Codec<unknown>): Codec<CommitRecord> => ({
  encode: (record) =>
    plain.encode({ ...record, writes: packWrites(record.writes) ?? record.writes }),
  decode: (bytes) => commitRecord.parse(plain.decode(bytes)),
});

/** Deliver messages to `all` before calling {@link startServerRoles}. */
export const createServerRoles = (options: ServerRolesOptions): ServerRoles => {
  const { ports, incarnation } = options;
  const ring = new HashRing([...options.stores.keys()]);
  const storages = [...options.stores].map(
    ([id, store]) =>
      new StorageNode({
        id,
        incarnation,
        ports,
        store,
        codec: options.codecOf((value) => capsule.parse(value)),
        recordCodec: recordCodecOf(options.codecOf((value) => value)),
        answerCodec: options.codecOf((value) => answerRecord.parse(value)),
        ring,
        attemptTimeoutMs: options.attemptTimeoutMs,
        onStoreFailure: (cause) => options.onStoreFailure(id, cause),
      }),
  );
  const scheduler = new Scheduler({
    ports,
    ring,
    incarnation,
    attemptTimeoutMs: options.attemptTimeoutMs,
    onDrained: options.onDrained,
  });
  const client = new Client({ ports, ring, incarnation, writer: `api.${incarnation}` });
  return { all: [...storages, scheduler, client], storages, scheduler, client, ring };
};

/** Finishes interrupted commits and reads the registry; resolves when both is done. */
export const startServerRoles = async (roles: ServerRoles): Promise<void> => {
  await Promise.all(roles.storages.map((storage) => storage.recover()));
  await Promise.all(roles.storages.map((storage) => storage.whenIdle()));
  await new Promise<void>((resolve) => roles.scheduler.start(resolve));
};
