// X6: what an acknowledged put survives, and deletes, on the simulated cluster. A put is acknowledged when
// its owner has it on disk; there are no replicas. So there is no acknowledgement that a crash may
// undo, none of k + 1 nodes, and no old replica that rejoins: a disk that goes back in time is S9c.
import { consistencyLevels, valueOf } from '@stormglass/core';
import { expect, test } from 'vitest';
import { runSimulation, type Helm } from '../run-simulation.ts';
import { CALM_SCENARIO, type Scenario } from '../scenario.ts';
import { get, put, remove } from '../script.ts';
import { playAtEveryLevel } from './play-at-every-level.ts';

/** Disks take far longer than messages, so an answer that did not wait for one is early. */
const slowDisks: Scenario = {
  ...CALM_SCENARIO,
  diskUs: { min: 5_000, max: 10_000 },
  functions: [
    {
      name: 'writeAndDelete',
      parameters: [],
      *script() {
        yield* put('a', 1);
        yield* put('b', 1);
        // A delete removes what it has seen.
        yield* get('c');
        yield* remove('c');
      },
    },
  ],
  dags: [{ name: 'write', nodes: [{ id: 'write', function: 'writeAndDelete' }], edges: [] }],
};

async function crashAll({ cluster, wait }: Helm): Promise<void> {
  for (const storage of slowDisks.storages) cluster.crashStorage(storage, 1);
  await wait(100);
}

test('X6 what was acknowledged survives a crash of every storage node at once', async () => {
  for (const level of consistencyLevels) {
    for (const seed of ['1', '2', '3']) {
      const { history } = await runSimulation(seed, slowDisks, {
        steer: async (helm) => {
          const { client } = helm.cluster;
          await client.put('c', '1');
          await crashAll(helm);
          expect(valueOf((await client.get('c'))!)).toBe('1');
          const { failure } = await client.invoke({
            invocation: 'w',
            target: { dag: 'write' },
            arguments: new Map(),
            consistency: level,
            trace: true,
          });
          expect(failure).toBeUndefined();
          await crashAll(helm);
        },
      });
      const finals = history.flatMap((entry) =>
        entry.kind === 'final' ? [[entry.key, entry.value]] : [],
      );
      expect(finals, level).toEqual([
        ['a', '1'],
        ['b', '1'],
        ['c', undefined],
      ]);
    }
  }
});

test('X6 a deleted key is absent in every cache, and stays so over a crash', async () => {
  await playAtEveryLevel(
    `init k=1
     warm C1:k
     warm C2:k
     w@C1 get k
     w@C1 delete k
     stale@C2 get k
     push k
     r1@C1 get k
     r2@C2 get k
     r3@C3 get k
     crash store(k)
     r4@C4 get k`,
    {},
    (outcome, level) => {
      expect(outcome.saw('stale', 'k'), level).toEqual([1]);
      for (const run of ['r1', 'r2', 'r3', 'r4']) {
        expect(outcome.saw(run, 'k'), level).toEqual([null]);
      }
      expect(outcome.final('k')).toBeUndefined();
      expect(outcome.violations()).toEqual([]);
    },
  );
});
