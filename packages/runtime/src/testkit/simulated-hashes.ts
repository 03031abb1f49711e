/**
 * The hashes of a few simulated histories of every level: what Node and a page have to agree on.
 */
import { consistencyLevels } from '@stormglass/core';
import { runSimulation } from '../adapters/sim/run-simulation.ts';
import { drawScenario } from '../adapters/sim/workload.ts';

const SEEDS = ['1', '2', '3', '42', '126', 'a storm'];

/** `level/seed` → hash of its history. */
export type SimulatedHashes = Readonly<Record<string, string>>;

export async function simulatedHashes(): Promise<SimulatedHashes> {
  const hashes: Record<string, string> = {};
  for (const level of consistencyLevels) {
    for (const seed of SEEDS) {
      const { hash } = await runSimulation(seed, drawScenario(seed, level));
      hashes[`${level}/${seed}`] = hash;
    }
  }
  return hashes;
}
