// One vitest project per folder, so `vitest run --project core` runs one part alone. Those named
// `…-in-chromium` run in a page: the whole of core, and the simulator.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/dist/**', '**/.cache/**', '**/.toolchain/**'];
/** Tests that only a page can run. */
const pageTests = '**/*.page.test.ts';
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

function project(name: string, root: string, include: readonly string[]) {
  return {
    test: {
      name,
      root,
      include: [...include],
      exclude: [...ignored, pageTests],
      environment: 'node',
    },
  };
}

/** STORMGLASS_CHROMIUM names a browser of the system; without one Playwright takes its own. */
function chromium() {
  const given = process.env['STORMGLASS_CHROMIUM'] ?? SYSTEM_CHROMIUM;
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const found = existsSync(given) ? { executablePath: given } : {};
  return playwright({ launchOptions: { ...found, args } });
}

function inChromium(name: string, root: string, include: readonly string[], setup: string[] = []) {
  return {
    test: {
      name,
      root,
      include: [...include],
      exclude: ignored,
      globalSetup: setup,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: chromium(),
        instances: [{ browser: 'chromium' as const }],
      },
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      project('tidy', 'tools', ['**/*.test.ts']),
      project('core', 'packages/core', ['src/**/*.test.ts']),
      project('checker', 'packages/checker', ['src/**/*.test.ts']),
      project('runtime', 'packages/runtime', ['src/**/*.test.ts']),
      project('server', 'apps/server', ['src/**/*.test.ts']),
      project('studio', 'apps/studio', ['src/**/*.test.ts', 'src/**/*.test.tsx']),
      inChromium('core-in-chromium', 'packages/core', ['src/**/*.test.ts']),
      inChromium(
        'simulator-in-chromium',
        'packages/runtime',
        ['src/**/*.page.test.ts'],
        [join(import.meta.dirname, 'packages/runtime/src/testkit/provide-node-hashes.ts')],
      ),
    ],
    passWithNoTests: true,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
