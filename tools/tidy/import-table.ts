// The import table: which folder may import what. Everything not written here is forbidden.
//
// A zone is a folder with one row of the table. `own` lists the folders of the same package that it may
// reach; `outside` the specifiers of other packages, of npm packages, and `node:` for the Node API.
import { posix } from 'node:path';

export interface Zone {
  readonly name: string;
  /** The folder, or the files, that the row is about. */
  readonly pattern: RegExp;
  /** Files of the repository that it may import besides those that match `pattern`. */
  readonly own: readonly RegExp[];
  /** Exact specifiers, or a prefix when the entry ends in `:` or `/`. */
  readonly outside: readonly string[];
}

const coreLayers: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  {
    name: 'words',
    pattern:
      /^packages\/core\/src\/(?:(?!index)[^/]+|session\/consistency-level|wire\/http\/problem)\.ts$/u,
  },
  { name: 'state', pattern: /^packages\/core\/src\/(?:lattice|clock|causality)\//u },
  { name: 'work', pattern: /^packages\/core\/src\/(?:dag|session)\//u },
  {
    name: 'record',
    pattern: /^packages\/core\/src\/(?:history|wire\/value)\//u,
  },
  { name: 'event', pattern: /^packages\/core\/src\/event\//u },
  { name: 'view', pattern: /^packages\/core\/src\/view\//u },
  { name: 'wire', pattern: /^packages\/core\/src\/wire\//u },
  { name: 'index', pattern: /^packages\/core\/src\/index\.ts$/u },
];

/** Layers whose schemas are parsed at a door, so they are written with zod. */
const schemaLayers = new Set(['event', 'view', 'wire']);

const coreZones: readonly Zone[] = coreLayers.map((layer, index) => ({
  name: `core ${layer.name}`,
  pattern: layer.pattern,
  own: coreLayers.slice(0, index).map((lower) => lower.pattern),
  outside: schemaLayers.has(layer.name) ? ['zod'] : [],
}));

const valueSchemas: Zone = {
  name: 'core schemas of values, problems and tokens',
  pattern:
    /^packages\/core\/src\/(?:wire\/value\/|wire\/http\/problem\.ts$|session\/session-token\.ts$)/u,
  own: coreLayers.slice(0, 4).map((lower) => lower.pattern),
  outside: ['zod'],
};

/** Checkers read recorded histories and have not seen what made them. */
const checkerZone: Zone = {
  name: 'checker',
  pattern: /^packages\/checker\/src\//u,
  own: [],
  outside: [],
};

const roles = ['storage', 'cache', 'executor', 'scheduler', 'monitor', 'client'] as const;
const ports = /^packages\/runtime\/src\/ports\//u;
const limits = /^packages\/runtime\/src\/limits\.ts$/u;
const anyRole = new RegExp(`^packages/runtime/src/(?:${roles.join('|')})/`, 'u');
const cluster = /^packages\/runtime\/src\/cluster\//u;
const memory = /^packages\/runtime\/src\/adapters\/memory\//u;
/** Packages of pure functions: no input or output, the same in every host. */
const purePackages = ['acorn', 'murmurhash'];

const roleZones: readonly Zone[] = roles.map((role) => ({
  name: `runtime ${role}`,
  pattern: new RegExp(`^packages/runtime/src/${role}/`, 'u'),
  own: [ports, limits],
  outside: ['@stormglass/core', ...purePackages],
}));

const runtimeZones: readonly Zone[] = [
  { name: 'runtime ports', pattern: ports, own: [], outside: ['@stormglass/core'] },
  { name: 'runtime limits', pattern: limits, own: [], outside: ['@stormglass/core'] },
  ...roleZones,
  {
    name: 'runtime cluster',
    pattern: cluster,
    own: [ports, limits, anyRole],
    outside: ['@stormglass/core', ...purePackages],
  },
  { name: 'runtime memory', pattern: memory, own: [ports, limits], outside: ['@stormglass/core'] },
  {
    name: 'runtime sim',
    pattern: /^packages\/runtime\/src\/adapters\/sim\//u,
    own: [ports, limits, anyRole, cluster, memory],
    outside: ['@stormglass/checker', '@stormglass/core', ...purePackages],
  },
  {
    name: 'runtime node',
    pattern: /^packages\/runtime\/src\/adapters\/node\//u,
    own: [ports, limits],
    outside: ['@stormglass/core', ...purePackages, 'node:', 'isolated-vm', 'lmdb', 'msgpackr'],
  },
  {
    name: 'runtime index',
    pattern: /^packages\/runtime\/src\/index\.ts$/u,
    own: [ports, limits, anyRole, cluster, memory],
    outside: [],
  },
];

const serverPackages = ['fastify', '@fastify/', 'ws', 'zod', 'pino', 'prom-client', 'msgpackr'];
const studioPackages = [
  'react',
  'react/',
  'react-dom',
  'react-dom/',
  '@xyflow/react',
  '@xyflow/react/',
  'zustand',
  'zustand/',
  'wouter',
  'wouter/',
  'lucide-react',
  '@codemirror/',
  '@lezer/',
  '@dagrejs/dagre',
  'react-aria-components',
  'react-resizable-panels',
  'tinykeys',
];

const appZones: readonly Zone[] = [
  {
    name: 'server',
    pattern: /^apps\/server\/src\//u,
    own: [],
    outside: [
      '@stormglass/core',
      '@stormglass/runtime',
      '@stormglass/runtime/node',
      '@stormglass/runtime/sim',
      'node:',
      'vega-datasets',
      ...serverPackages,
    ],
  },
  {
    name: 'studio',
    pattern: /^apps\/studio\/src\//u,
    own: [],
    outside: ['@stormglass/core', '@stormglass/runtime/sim', ...studioPackages],
  },
  {
    name: 'studio build',
    pattern: /^apps\/studio\/[^/]+\.config\.ts$/u,
    own: [],
    outside: ['vite', '@vitejs/plugin-react', 'node:'],
  },
  {
    name: 'e2e',
    pattern: /^e2e\//u,
    own: [],
    outside: [
      '@stormglass/checker',
      '@stormglass/core',
      'node:',
      '@playwright/test',
      '@axe-core/playwright',
    ],
  },
];

const toolZones: readonly Zone[] = [
  {
    name: 'launcher (runs before anything is installed)',
    pattern: /^tools\/launch\//u,
    own: [],
    outside: ['node:'],
  },
  {
    name: 'tools',
    pattern: /^tools\/(?!launch\/)/u,
    own: [/^tools\//u],
    outside: ['node:', 'oxc-parser', 'undici', 'ws', 'fastify'],
  },
  {
    name: 'root configuration',
    pattern: /^[^/]+\.config\.ts$/u,
    own: [],
    outside: ['vitest/config', '@vitest/browser-playwright', 'oxlint', 'knip', 'node:'],
  },
];

/** More specific rows stand first. */
const zones: readonly Zone[] = [
  valueSchemas,
  ...coreZones,
  checkerZone,
  ...runtimeZones,
  ...appZones,
  ...toolZones,
];

const testTools = ['vitest', 'vitest/node', 'fast-check'];
const testkits = ['@stormglass/core/testkit', '@stormglass/runtime/testkit'];

/** A test may use what its folder may, test tools, and everything its own package is made of. */
function testZone(path: string): Zone | undefined {
  const folder = zones.find((zone) => zone.pattern.test(path));
  const owner = /^(?:packages\/(?:core|checker|runtime)|apps\/(?:server|studio)|e2e|tools)\//u.exec(
    path,
  );
  if (owner === null) return undefined;
  const isChecker = owner[0] === 'packages/checker/';
  const isRuntime = owner[0] === 'packages/runtime/';
  return {
    name: `tests of ${owner[0]}`,
    pattern: new RegExp(`^${owner[0]}`, 'u'),
    own: [],
    outside: [
      ...testTools,
      ...(isChecker ? [] : testkits),
      ...(folder?.outside ?? []),
      ...(owner[0] === 'packages/core/' ? ['zod'] : ['node:']),
      ...(isRuntime ? ['@stormglass/core', ...purePackages] : []),
      ...(owner[0] === 'apps/server/' ? ['undici'] : []),
    ],
  };
}

function isTestPath(path: string): boolean {
  return /\.test\.tsx?$/u.test(path) || path.includes('/testkit/');
}

function allows(zone: Zone, path: string, specifier: string): boolean {
  if (specifier.startsWith('.')) {
    const target = posix
      .normalize(posix.join(posix.dirname(path), specifier))
      .replace(/\?.*$/u, '');
    return [zone.pattern, ...zone.own].some((pattern) => pattern.test(target));
  }
  return zone.outside.some((allowed) =>
    /[:/]$/u.test(allowed) ? specifier.startsWith(allowed) : specifier === allowed,
  );
}

/** One sentence for each import of `path` that the table does not allow. */
export function importProblems(path: string, specifiers: readonly string[]): string[] {
  const zone = isTestPath(path) ? testZone(path) : zones.find((row) => row.pattern.test(path));
  if (zone === undefined) return [`${path}: no row of the import table covers this file`];
  return specifiers
    .filter((specifier) => !allows(zone, path, specifier))
    .map((specifier) => `${path}: ${zone.name} must not import '${specifier}'`);
}
