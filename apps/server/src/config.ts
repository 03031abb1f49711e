/**
 * The configuration: read once from the environment, checked, frozen.
 */
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const listText = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const WORKERS_MAX = 64;
const EXECUTORS_MAX = 64;
const STORAGE_NODES_MAX = 64;
const ATTEMPT_TIMEOUT_MS_MIN = 100;
const ATTEMPT_TIMEOUT_MS_MAX = 600_000;
const TOKEN_LENGTH_MIN = 16;
const TOKEN_LENGTH_MAX = 1_024;

const environment = z.object({
  /** Address to listen on. Any but loopback needs `STORMGLASS_TOKEN`. Default 127.0.0.1. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Default 4600; 0 takes any free port. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4_600),
  /** Where everything durable lives. Default `.data` in the project folder. */
  DATA_DIR: z
    .string()
    .min(1)
    .default(fileURLToPath(new URL('../../../.data', import.meta.url))),
  /** Worker processes. Default 2. */
  WORKERS: z.coerce.number().int().min(1).max(WORKERS_MAX).default(2),
  /** Executors of each worker. Default 2. */
  EXECUTORS: z.coerce.number().int().min(1).max(EXECUTORS_MAX).default(2),
  /** Storage nodes. Default 2. */
  STORAGE_NODES: z.coerce.number().int().min(1).max(STORAGE_NODES_MAX).default(2),
  /**
   * Milliseconds after which an attempt is run again when nothing runs for it and nothing arrives.
   * A function that runs is left alone. Default 2,000.
   */
  ATTEMPT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(ATTEMPT_TIMEOUT_MS_MIN)
    .max(ATTEMPT_TIMEOUT_MS_MAX)
    .default(2_000),
  /**
   * How much the structured log on standard error says. Default `warn` on a terminal, else `info`.
   */
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  /** When set, every API request needs `Authorization: Bearer <token>`. */
  STORMGLASS_TOKEN: z.string().min(TOKEN_LENGTH_MIN).max(TOKEN_LENGTH_MAX).optional(),
  /** Further names that the server may be called by, separated by commas. */
  ALLOWED_HOSTS: listText,
  /**
   * Further origins whose pages may use the API, separated by commas, such as
   * `http://localhost:5173`.
   */
  ALLOWED_ORIGINS: listText,
});

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly workers: number;
  readonly executors: number;
  readonly storageNodes: number;
  readonly attemptTimeoutMs: number;
  readonly logLevel: string | undefined;
  readonly token: string | undefined;
  /** `undefined`: any name will do, because a token is needed anyway. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly allowedOrigins: readonly string[];
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly message: string };

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'] as const;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/u.test(host);

/** An empty variable counts as unset, as shells and compose files have it. */
function withoutEmpty(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}

export function readConfig(variables: NodeJS.ProcessEnv): ConfigResult {
  const parsed = environment.safeParse(withoutEmpty(variables));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0] ?? 'The environment');
    const came = name === 'STORMGLASS_TOKEN' ? '' : ` (it is ${JSON.stringify(variables[name])})`;
    return { ok: false, message: `${name} does not fit: ${issue?.message}${came}.` };
  }
  const values = parsed.data;
  const { HOST: host, STORMGLASS_TOKEN: token } = values;
  if (!isLoopback(host) && token === undefined) {
    const message =
      `HOST=${host} would let others reach this server. ` +
      `Set STORMGLASS_TOKEN to a secret of at least ${TOKEN_LENGTH_MIN} characters first.`;
    return { ok: false, message };
  }
  const names = [...LOOPBACK, host, ...values.ALLOWED_HOSTS];
  const config: Config = {
    host,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    workers: values.WORKERS,
    executors: values.EXECUTORS,
    storageNodes: values.STORAGE_NODES,
    attemptTimeoutMs: values.ATTEMPT_TIMEOUT_MS,
    logLevel: values.LOG_LEVEL,
    token,
    allowedHosts: isLoopback(host) ? [...new Set(names)] : undefined,
    allowedOrigins: values.ALLOWED_ORIGINS,
  };
  return { ok: true, config: Object.freeze(config) };
}
