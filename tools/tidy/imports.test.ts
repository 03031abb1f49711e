import { describe, expect, test } from 'vitest';
import { importProblems } from './import-table.ts';
import { moduleImports } from './module-imports.ts';
import { isCode, repositoryFiles } from './repository.ts';

test('every import follows the import table', () => {
  const problems = repositoryFiles()
    .filter((file) => isCode(file.path))
    .flatMap((file) => importProblems(file.path, moduleImports(file.path, file.text)));
  expect(problems).toEqual([]);
});

describe('the table refuses', () => {
  const forbidden: readonly (readonly [path: string, specifier: string])[] = [
    ['packages/core/src/dag/dag.ts', 'node:fs'],
    ['packages/core/src/dag/dag.ts', 'zod'],
    ['packages/core/src/clock/vector-clock.ts', '../session/session.ts'],
    ['packages/core/src/event/cache-events.ts', '../wire/down.ts'],
    ['packages/core/src/dag/dag.ts', '@stormglass/runtime'],
    ['packages/core/src/dag/dag.test.ts', 'node:fs'],
    ['packages/checker/src/history.ts', '@stormglass/core'],
    ['packages/checker/src/history.ts', '@stormglass/runtime/sim'],
    ['packages/checker/src/history.ts', 'zod'],
    ['packages/checker/src/history.test.ts', '@stormglass/core/testkit'],
    ['packages/runtime/src/cache/read.ts', '../executor/executor.ts'],
    ['packages/runtime/src/cache/read.ts', '../adapters/memory/memory-store.ts'],
    ['packages/runtime/src/executor/executor.ts', 'node:worker_threads'],
    ['packages/runtime/src/ports/store.ts', '../storage/storage-node.ts'],
    ['packages/runtime/src/adapters/node/system-clock.ts', '../../cache/cache.ts'],
    ['packages/runtime/src/cache/cache.ts', '@stormglass/core/src/ids.ts'],
    ['packages/runtime/src/cache/cache.ts', '../../../core/src/ids.ts'],
    ['apps/server/src/main.ts', '../../studio/src/main.tsx'],
    ['apps/server/src/main.ts', 'react'],
    ['apps/server/src/main.ts', '@stormglass/runtime/src/cache/cache.ts'],
    ['apps/studio/src/main.tsx', '@stormglass/server'],
    ['apps/studio/src/main.tsx', '../../server/src/main.ts'],
    ['apps/studio/src/main.tsx', '@stormglass/runtime/node'],
    ['apps/studio/src/main.tsx', 'node:path'],
    ['e2e/stories/run-a-dag.spec.ts', '../../apps/studio/src/main.tsx'],
    ['tools/launch/start.mjs', 'undici'],
    ['somewhere/else.ts', './neighbour.ts'],
  ];
  test.each(forbidden)('%s importing %s', (path, specifier) => {
    expect(importProblems(path, [specifier])).toHaveLength(1);
  });
});

describe('the table allows', () => {
  const allowed: readonly (readonly [path: string, specifier: string])[] = [
    ['packages/core/src/session/session.ts', '../clock/vector-clock.ts'],
    ['packages/core/src/wire/up.ts', 'zod'],
    ['packages/runtime/src/cache/read.ts', './admit.ts'],
    ['packages/runtime/src/cache/read.ts', '../ports/store.ts'],
    ['packages/runtime/src/cache/read.test.ts', '../adapters/memory/memory-store.ts'],
    ['packages/runtime/src/adapters/node/file-store.ts', 'node:fs'],
    ['apps/server/src/main.ts', '@stormglass/runtime/node'],
    ['apps/studio/src/canvas/Canvas.tsx', '@xyflow/react'],
  ];
  test.each(allowed)('%s importing %s', (path, specifier) => {
    expect(importProblems(path, [specifier])).toEqual([]);
  });
});

test('imports are found in every form', () => {
  const text = [
    "import a from './a.ts';",
    "import type { B } from './b.ts';",
    "export { c } from './c.ts';",
    "export * from './d.ts';",
    "const e = await import('./e.ts');",
    "// import './not.ts'",
  ].join('\n');
  expect(moduleImports('x.ts', text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
});
