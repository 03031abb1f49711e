/**
 * Two suites over the real server: `contract` speaks the public API and needs no browser, `studio`
 * drives Chromium. STORMGLASS_CHROMIUM names a browser of the system; without one Playwright takes
 * its own.
 */
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

function chromiumPath(): string | undefined {
  const given = process.env['STORMGLASS_CHROMIUM'];
  if (given !== undefined && given !== '') return given;
  return existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined;
}

const executablePath = chromiumPath();

export default defineConfig({
  outputDir: 'test-results',
  workers: 2,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1920, height: 1200 },
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'contract', testDir: 'contract' },
    { name: 'studio', testDir: 'stories' },
  ],
});
