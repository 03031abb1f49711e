/**
 * For stories: a driver in a fresh browser page on the server of the contract tests, or on a server
 * of its own whose caches are cold.
 */
import { ApiClient } from './api-client.ts';
import { test as contract } from './contract-fixture.ts';
import { StudioDriver } from './studio-driver.ts';

interface PerStory {
  readonly studio: StudioDriver;
  /** Errors that the page has thrown or logged so far; a story ends with none. */
  readonly pageErrors: string[];
}

export const test = contract.extend<PerStory>({
  baseURL: async ({ server }, use) => {
    await use(server.url);
  },
  pageErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) =>
        errors.push(`${error.name}: ${error.message}\n${error.stack}`),
      );
      await use(errors);
      contract.expect(errors, 'errors in the page').toEqual([]);
    },
    { auto: true },
  ],
  studio: async ({ page }, use) => {
    await use(new StudioDriver(page));
  },
});

/**
 * The same over a server of its own: nothing has run there, so the first read of every key misses.
 */
export const coldTest = test.extend({
  baseURL: async ({ ownServer }, use) => {
    await use(ownServer.url);
  },
  api: async ({ ownServer }, use) => {
    await use(new ApiClient(ownServer.url));
  },
});

export { expect } from '@playwright/test';
