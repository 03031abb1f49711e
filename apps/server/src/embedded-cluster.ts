/**
 * The cluster of `npm start`: storage nodes, scheduler and client in this process, workers in
 * processes of their own. Implements the server's `Cluster` over the roles and the supervisor.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCHEDULER, type StorageId, type ToldEvent, type WorkerId } from '@stormglass/core';
import {
  createServerRoles,
  startServerRoles,
  type Ports,
  type ServerRoles,
  type Store,
} from '@stormglass/runtime';
import {
  monotonicNs,
  nodeTimers,
  openLmdbStore,
  ServerHub,
  storedCodec,
  Supervisor,
  systemClock,
  systemRandom,
} from '@stormglass/runtime/node';
import type { Logger } from 'pino';
import type { Cluster } from './cluster-port.ts';
import { ClusterOverRoles } from './cluster-over-roles.ts';
import type { Config } from './config.ts';
import { Incarnations } from './incarnations.ts';
import { SessionSeal } from './session-seal.ts';
import { lockDataFolder } from './data-lock.ts';

const WORKER_ENTRY = fileURLToPath(new URL('worker-main.ts', import.meta.url));

type EventListener = (told: ToldEvent) => void;

interface Foundation {
  readonly listeners: Set<EventListener>;
  readonly stores: ReadonlyMap<StorageId, Store>;
  readonly roles: ServerRoles;
  readonly supervisor: Supervisor;
}

async function lay(
  config: Config,
  logger: Logger,
  incarnations: Incarnations,
): Promise<Foundation> {
  const startedAtNs = monotonicNs();
  const clock = systemClock(startedAtNs);
  const log = logger.child({ part: 'cluster' });
  const listeners = new Set<EventListener>();
  const hub = new ServerHub({
    clock,
    log,
    onEvent: (told) => {
      for (const listener of listeners) listener(told);
    },
  });
  const ports: Ports = {
    clock,
    timers: nodeTimers,
    random: systemRandom(),
    transport: hub.transport,
    events: hub.events,
  };
  const ids = Array.from({ length: config.storageNodes }, (_, index) => `s${index + 1}`);
  const stores = new Map(
    ids.map((id) => [id, openLmdbStore({ path: join(config.dataDir, 'storage', id) })]),
  );
  const boot = await incarnations.next('api');
  const supervisor = await Supervisor.open({
    hub,
    entry: WORKER_ENTRY,
    storageNodes: ids,
    startedAtNs,
    nextIncarnation: (worker: WorkerId) => incarnations.next(worker),
    report: (message) => hub.transport.send(SCHEDULER, message),
    log,
    executorsPerWorker: config.executors,
  });
  const roles = createServerRoles({
    ports,
    stores,
    codecOf: storedCodec,
    incarnation: boot,
    attemptTimeoutMs: config.attemptTimeoutMs,
    onStoreFailure: (storage, cause) => {
      // A store that fails may have lost bytes; nothing may be acknowledged any more.
      throw new Error(`The store of ${storage} failed`, { cause });
    },
    onDrained: (worker) => supervisor.stopWorker(worker),
  });
  for (const role of roles.all) hub.transport.add(role);
  await startServerRoles(roles);
  return { listeners, stores, roles, supervisor };
}

/** Resolves when every worker has joined. */
export async function startEmbeddedCluster(config: Config, logger: Logger): Promise<Cluster> {
  await mkdir(join(config.dataDir, 'storage'), { recursive: true });
  const unlock = await lockDataFolder(config.dataDir);
  const ownStore = openLmdbStore({ path: join(config.dataDir, 'cluster') });
  const seal = await SessionSeal.open(ownStore);
  const { listeners, stores, roles, supervisor } = await lay(
    config,
    logger,
    new Incarnations(ownStore),
  );
  const cluster = new ClusterOverRoles({
    startedAtMs: Date.now(),
    roles,
    supervisor,
    seal,
    ownStore,
    listeners,
    closeStores: async () => {
      await Promise.all([...stores.values(), ownStore].map((store) => store.close()));
      await unlock();
    },
  });
  await Promise.all(Array.from({ length: config.workers }, () => supervisor.addWorker()));
  return cluster;
}
