// One vitest project per folder, so `vitest run --project core` runs one part alone.
import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/dist/**', '**/.cache/**', '**/.toolchain/**'];

function project(name: string, root: string, include: readonly string[]) {
  return { test: { name, root, include: [...include], exclude: ignored, environment: 'node' } };
}

export default defineConfig({
  test: {
    projects: [
      project('tidy', 'tools', ['**/*.test.ts']),
      project('core', 'packages/core', ['src/**/*.test.ts']),
      project('runtime', 'packages/runtime', ['src/**/*.test.ts']),
      project('server', 'apps/server', ['src/**/*.test.ts']),
      project('studio', 'apps/studio', ['src/**/*.test.ts', 'src/**/*.test.tsx']),
    ],
    passWithNoTests: true,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
