/**
 * A storage node on its simulated machine: what was on its disk outlives a crash.
 */
import { storageAddress, type StorageId } from '@stormglass/core';
import type { Role } from '../../ports/transport.ts';
import { StorageNode } from '../../storage/storage-node.ts';
import type { Surroundings } from './planted.ts';
import { SimLife } from './sim-life.ts';
import { SimStore, type SimDisk } from './sim-store.ts';
import type { SimWorld } from './sim-world.ts';

export interface StorageStart {
  readonly disk: SimDisk;
  /** Counts the starts of this node. */
  readonly incarnation: number;
}

const surrounded = (role: Role, around: Surroundings): Role => ({
  address: role.address,
  receive: (message) => around.receive(message, (passed) => role.receive(passed)),
  close: () => role.close(),
});

export class SimStorage {
  readonly life: SimLife;
  readonly incarnation: number;
  /** What a crash interrupted is under way again. Never settles when another one comes before. */
  readonly recovered: Promise<void>;
  readonly #store: SimStore;

  constructor(world: SimWorld, id: StorageId, start: StorageStart) {
    const { disk, incarnation } = start;
    const { queue, random, scenario, network, ring, planted } = world;
    this.life = new SimLife(id);
    this.incarnation = incarnation;
    this.#store = new SimStore({
      queue,
      random: random.fork(`disk ${id} from ${queue.nowUs}`),
      life: this.life,
      disk,
      delayUs: scenario.diskUs,
    });
    const ports = world.portsOf(storageAddress(id), this.life);
    const around = planted?.aroundStorage?.(ports);
    const node = new StorageNode({
      id,
      incarnation,
      ports: around?.ports ?? ports,
      store: this.#store,
      codec: world.codecs.value,
      recordCodec: world.codecs.record,
      answerCodec: world.codecs.answer,
      ring,
      strategies: planted?.strategies,
      pace: world.scenario.pace,
      onStoreFailure: (cause) => {
        throw cause;
      },
    });
    network.attach(around === undefined ? node : surrounded(node, around), this.life);
    this.recovered = node.recover().then(() => node.whenIdle());
  }

  /** Returns how many changes never reached the disk. */
  crash(): number {
    this.life.end();
    return this.#store.crash();
  }
}
