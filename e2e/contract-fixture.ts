/**
 * For tests of the contract: one running server for the tests of a Playwright worker, a client of
 * it, and names that no other test uses. Tests that end the server start one of their own.
 */
import { test as base } from '@playwright/test';
import { ApiClient } from './api-client.ts';
import { ServerProcess } from './server-process.ts';

export interface PerTest {
  readonly api: ApiClient;
  /** A name with this beginning that nothing else in the cluster has. */
  readonly unique: (beginning: string) => string;
  /** A server that this test may end and start again. */
  readonly ownServer: ServerProcess;
}

export interface PerWorker {
  readonly server: ServerProcess;
}

let named = 0;

export const test = base.extend<PerTest, PerWorker>({
  server: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads this pattern
    async ({}, use) => {
      const server = await ServerProcess.start();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  api: async ({ server }, use) => {
    await use(new ApiClient(server.url));
  },
  // oxlint-disable-next-line no-empty-pattern -- as above
  unique: async ({}, use) => {
    await use((beginning) => {
      named += 1;
      return `${beginning}_${named}`;
    });
  },
  // oxlint-disable-next-line no-empty-pattern -- as above
  ownServer: async ({}, use) => {
    const server = await ServerProcess.start();
    await use(server);
    await server.dispose();
  },
});

export { expect } from '@playwright/test';
