/**
 * The roles that live in the server process: storage nodes, the scheduler, and the client that
 * speaks for the application. This folder is the only place that knows all roles.
 */
import { capsule, type StorageId, type WorkerId, type WriterId } from '@stormglass/core';
import { Client } from '../client/client.ts';
import type { Codec } from '../ports/codec.ts';
import type { Ports } from '../ports/ports.ts';
import type { Store } from '../ports/store.ts';
import type { Role } from '../ports/transport.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { parseCommitRecord } from '../storage/commit-record.ts';
import { HashRing } from '../storage/hash-ring.ts';
import { StorageNode } from '../storage/storage-node.ts';

export interface ServerRolesOptions {
  readonly ports: Ports;
  readonly stores: ReadonlyMap<StorageId, Store>;
  /** Makes the codec of what lies on disk; `parse` throws on anything but a `T`. */
  readonly codecOf: <T>(parse: (value: unknown) => T) => Codec<T>;
  /** Names what the client role writes; never used before in this cluster. */
  readonly writer: WriterId;
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

/** Deliver messages to `all` before calling {@link startServerRoles}. */
export const createServerRoles = (options: ServerRolesOptions): ServerRoles => {
  const { ports } = options;
  const ring = new HashRing([...options.stores.keys()]);
  const storages = [...options.stores].map(
    ([id, store]) =>
      new StorageNode({
        id,
        ports,
        store,
        codec: options.codecOf((value) => capsule.parse(value)),
        recordCodec: options.codecOf(parseCommitRecord),
        ring,
        onStoreFailure: (cause) => options.onStoreFailure(id, cause),
      }),
  );
  const scheduler = new Scheduler({ ports, ring, onDrained: options.onDrained });
  const client = new Client({ ports, ring, writer: options.writer });
  return { all: [...storages, scheduler, client], storages, scheduler, client, ring };
};

/** Finishes interrupted commits and reads the registry. */
export const startServerRoles = async (roles: ServerRoles): Promise<void> => {
  await Promise.all(roles.storages.map((storage) => storage.recover()));
  roles.scheduler.start();
};
