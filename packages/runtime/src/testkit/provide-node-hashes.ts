/**
 * Runs in Node before the tests of the page, which cannot run anything there themselves.
 */
import type { TestProject } from 'vitest/node';
import { simulatedHashes, type SimulatedHashes } from './simulated-hashes.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly hashesInNode: SimulatedHashes;
    readonly nodeVersion: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide('hashesInNode', await simulatedHashes());
  project.provide('nodeVersion', process.version);
}
