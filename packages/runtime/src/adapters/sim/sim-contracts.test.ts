// The simulated disk and network under the contracts that every Store and Transport keeps. The
// tests of a contract wait for real promises, so virtual time runs by itself here, one burst after
// each call.
import { describeStoreContract } from '../../testkit/describe-store-contract.ts';
import { describeTransportContract } from '../../testkit/describe-transport-contract.ts';
import type { Store } from '../../ports/store.ts';
import { EventQueue } from './event-queue.ts';
import { FaultCounter } from './faults.ts';
import { seededRandom } from './seeded-random.ts';
import { SimLife } from './sim-life.ts';
import { SimNetwork } from './sim-network.ts';
import { SimDisk, SimStore } from './sim-store.ts';

function selfRunningQueue(): { readonly queue: EventQueue; readonly run: () => void } {
  const queue = new EventQueue();
  const run = (): void => {
    setImmediate(() => {
      while (queue.runNext());
    });
  };
  return { queue, run };
}

describeStoreContract('simulated disk', async () => {
  const { queue, run } = selfRunningQueue();
  const store = new SimStore({
    queue,
    random: seededRandom('contract'),
    life: new SimLife('s1'),
    disk: new SimDisk(),
    delayUs: { min: 10, max: 1_000 },
  });
  const running = <T>(promise: Promise<T>): Promise<T> => {
    run();
    return promise;
  };
  const contracted: Store = {
    load: (key) => running(store.load(key)),
    save: (entries) => running(store.save(entries)),
    remove: (keys) => running(store.remove(keys)),
    scan: (range) => running(store.scan(range)),
    close: () => store.close(),
  };
  return { store: contracted, dispose: () => store.close() };
});

for (const isLocalInline of [true, false]) {
  const manner = isLocalInline ? 'calls inside a machine' : 'turns inside a machine';
  describeTransportContract(`simulated network, ${manner}`, async () => {
    const { queue, run } = selfRunningQueue();
    const network = new SimNetwork({
      queue,
      random: seededRandom('contract'),
      network: {
        delayUs: { min: 10, max: 1_000 },
        slowShare: 0.1,
        slowUs: { min: 1_000, max: 5_000 },
        isLocalInline,
        duplicateShare: 0,
      },
      isStrict: true,
      faults: new FaultCounter(),
      beforeDelivery: () => undefined,
    });
    const endpoint = (machine: string) => {
      const life = new SimLife(machine);
      const transport = network.transportOf(`process/${machine}`, life);
      return {
        transport: {
          send: (...[to, message]: Parameters<typeof transport.send>): void => {
            transport.send(to, message);
            run();
          },
        },
        add: (role: Parameters<typeof network.attach>[0]) => network.attach(role, life),
      };
    };
    return { a: endpoint('a'), b: endpoint('b'), dispose: async () => undefined };
  });
}
