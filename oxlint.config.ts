// What the linter enforces. Formatting is oxfmt's, imports between folders are tools/tidy's.
import { defineConfig } from 'oxlint';

/** Language built-ins that bring the outside world in, and the port to use instead. */
const ambientWorld = [
  { name: 'Date', message: 'Use the Clock port: now() for durations, wall() for timestamps.' },
  { name: 'performance', message: 'Use the Clock port: now().' },
  { name: 'setTimeout', message: 'Use the Timers port: after(delayMs, wake).' },
  { name: 'setInterval', message: 'Use the Timers port and wake again from the handler.' },
  { name: 'setImmediate', message: 'Use the Timers port.' },
  { name: 'queueMicrotask', message: 'Use the Timers port: a role runs to completion.' },
  { name: 'crypto', message: 'Use the Random port.' },
  { name: 'fetch', message: 'Use the Transport port.' },
  { name: 'WebSocket', message: 'Use the Transport port.' },
  { name: 'console', message: 'Emit an event through the EventSink port.' },
  { name: 'process', message: 'Configuration arrives through the constructor.' },
  { name: 'globalThis', message: 'Everything arrives through the Ports value.' },
  {
    name: 'WeakRef',
    message: 'What the collector does must not be visible: keep an explicit table.',
  },
  { name: 'FinalizationRegistry', message: 'What the collector does must not be visible.' },
  { name: 'Intl', message: 'Depends on the machine: format in the studio.' },
];

const ambientProperties = [
  { object: 'Math', property: 'random', message: 'Use the Random port.' },
  { object: 'Atomics', property: 'wait', message: 'A role never waits: use a message.' },
];

/** Rules of the two categories that find more noise than bugs here, each with its reason. */
const tooStrict = {
  // The compiler knows which paths return; the rule also flags a bare `return;` in a callback.
  'typescript/consistent-return': 'off',
  // A small function beside its only use reads better than one far away.
  'unicorn/consistent-function-scoping': 'off',
  // `window.postMessage` only; a worker's or a port's has no target origin.
  'unicorn/require-post-message-target-origin': 'off',
  // The automatic JSX runtime needs no import.
  'react/react-in-jsx-scope': 'off',
  // Said already by rules-of-hooks and exhaustive-deps.
  'react/exhaustive-effect-dependencies': 'off',
  'react/hooks': 'off',
  // `fc.assert` and the like are meant to be used through their default export.
  'import/no-named-as-default-member': 'off',
  // A copy before a loop that changes the original is deliberate, and often the whole point.
  'unicorn/no-useless-spread': 'off',
  // A property is often conditional: `if (a <= b) expect(…)`. An unconditional one is still required.
  'vitest/no-conditional-expect': 'off',
  // A message in every toThrow repeats the implementation.
  'vitest/require-to-throw-message': 'off',
  'vitest/require-mock-type-parameters': 'off',
  'vitest/prefer-snapshot-hint': 'off',
} as const;

const purePaths = ['packages/core/src/**', 'packages/checker/src/**', 'packages/runtime/src/**'];
const impurePaths = [
  'packages/runtime/src/adapters/node/**',
  'packages/runtime/src/adapters/browser/**',
];
const testFiles = ['**/*.test.ts', '**/*.test.tsx', '**/testkit/**', 'e2e/**', 'tools/tidy/**'];

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'react', 'vitest'],
  jsPlugins: ['./tools/lint/house.js'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error', denyWarnings: true },
  env: { builtin: true, es2024: true },
  ignorePatterns: [
    '**/node_modules/**',
    '**/dist/**',
    '**/.cache/**',
    '**/.toolchain/**',
    '**/.data/**',
    '**/test-results/**',
    '**/playwright-report/**',
  ],
  rules: {
    'house/no-export-star': 'error',
    'house/zod-namespace-only': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'max-lines': ['error', { max: 400 }],
    'max-lines-per-function': ['error', { max: 70 }],
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-namespace': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: true },
    ],
    'typescript/unbound-method': 'error',
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert', 'assert*'] }],
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
    ...tooStrict,
  },
  overrides: [
    {
      files: purePaths,
      rules: {
        'no-restricted-globals': ['error', ...ambientWorld],
        'no-restricted-properties': ['error', ...ambientProperties],
      },
    },
    { files: ['packages/core/src/**'], rules: { 'oxc/no-async-await': 'error' } },
    {
      files: impurePaths,
      rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
    },
    {
      files: ['apps/studio/src/**'],
      rules: {
        'react/rules-of-hooks': 'error',
        'react/exhaustive-deps': 'error',
        'no-restricted-globals': [
          'error',
          { name: 'fetch', message: 'Only live/ and api/ talk to the server.' },
          { name: 'WebSocket', message: 'Only live/ talks to the server.' },
        ],
      },
    },
    {
      files: ['apps/studio/src/live/**', 'apps/studio/src/api/**'],
      rules: { 'no-restricted-globals': 'off' },
    },
    { files: ['**/*.tsx'], rules: { 'max-lines-per-function': ['error', { max: 150 }] } },
    {
      files: testFiles,
      rules: {
        'max-lines': ['error', { max: 800 }],
        'max-lines-per-function': 'off',
        'no-restricted-globals': 'off',
        'no-restricted-properties': 'off',
        'oxc/no-async-await': 'off',
        'no-new': 'off',
        'typescript/no-non-null-assertion': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
      },
    },
    {
      // Runs inside the isolate, on values of any shape a user makes, and has no schema library there.
      files: ['packages/runtime/src/adapters/node/function-host/bridge/**'],
      rules: { 'typescript/no-unsafe-type-assertion': 'off' },
    },
    {
      // The sources of the examples are user functions: their default export is the function.
      files: ['**/*.config.ts', 'tools/lint/house.js', 'apps/server/src/examples/*/*.js'],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
});
