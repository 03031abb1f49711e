/**
 * One run of the server with its embedded cluster: environment → configuration → cluster → app.
 *
 * It ends with Ctrl-C or SIGTERM, and by itself when the launcher that started it is gone, so that
 * nothing is left running that nobody sees.
 */
import { analyzeFunction } from '@stormglass/runtime/node';
import { pino, type Logger } from 'pino';
import { CannotStart } from './cannot-start.ts';
import { readConfig, type Config } from './config.ts';
import { startEmbeddedCluster } from './embedded-cluster.ts';
import { serve, type RunningServer } from './serve.ts';

/** How long closing may take before the process ends anyway; workers notice that and end, too. */
const CLOSE_MS_MAX = 8_000;

const STANDARD_ERROR = 2;

function makeLogger({ logLevel }: Config): Logger {
  // A person at a terminal reads what is printed below; lines of JSON are for what goes wrong.
  const level = logLevel ?? (process.stderr.isTTY ? 'warn' : 'info');
  return pino({ name: 'stormglass', level }, pino.destination({ fd: STANDARD_ERROR, sync: true }));
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

function announce(url: string, config: Config): void {
  const cluster = [
    count(config.workers, 'worker'),
    count(config.storageNodes, 'storage node'),
    `data in ${config.dataDir}`,
  ];
  say('');
  say(`  Stormglass is ready at ${url}`);
  say('');
  say('  Open it in a browser and start with an example: it runs at once.');
  say(`  The API is described at ${url}/docs`);
  say(`  ${cluster.join(', ')}. Ctrl-C stops everything.`);
  say('');
}

/** Installed before anything starts, so that an early Ctrl-C leaves nothing behind either. */
function endWhenTold(logger: Logger, running: () => RunningServer | undefined): void {
  let isEnding = false;
  const end = (reason: string, exitCode: number): void => {
    if (isEnding) return;
    isEnding = true;
    logger.info({ reason }, 'ending');
    setTimeout(() => process.exit(exitCode), CLOSE_MS_MAX).unref();
    const closed = running()?.close() ?? Promise.resolve();
    closed.then(
      () => process.exit(exitCode),
      (error: unknown) => {
        logger.error({ err: error }, 'could not close');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      end(signal, 0);
    });
  }
  // The launcher holds the other end of this channel; it is gone when the channel is.
  process.on('disconnect', () => {
    end('the launcher is gone', 0);
  });
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'a bug ends the server');
    end('a bug', 1);
  });
}

/** Resolves when the server answers. Ends the process when it cannot start. */
export async function runServer(variables: NodeJS.ProcessEnv): Promise<void> {
  const read = readConfig(variables);
  if (!read.ok) fail(read.message);
  const { config } = read;
  const logger = makeLogger(config);
  let server: RunningServer | undefined;
  endWhenTold(logger, () => server);
  try {
    server = await serve({
      config,
      logger,
      analyzeFunction,
      startCluster: () => startEmbeddedCluster(config, logger),
    });
  } catch (error) {
    if (error instanceof CannotStart) fail(error.message);
    logger.fatal({ err: error }, 'could not start');
    fail(`Stormglass could not start: ${error instanceof Error ? error.message : String(error)}`);
  }
  announce(server.url, config);
  logger.info({ url: server.url }, 'ready');
}
