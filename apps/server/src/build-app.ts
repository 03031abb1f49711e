/**
 * The HTTP and WebSocket server over a cluster. `buildApp` only puts parts together; tests use
 * `inject()`.
 */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { RuntimeEvent } from '@stormglass/core';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
} from 'fastify';
import type { Logger } from 'pino';
import type { Cluster } from './cluster-port.ts';
import { makeExampleCatalog } from './examples/example-catalog.ts';
import { addEndpoint, type Endpoint } from './http/endpoint.ts';
import { AcceptedInvocations } from './invocations/accepted-invocations.ts';
import { InvocationBook } from './invocations/invocation-book.ts';
import { resumeAccepted } from './invocations/resume-accepted.ts';
import { ClusterImage } from './live/cluster-image.ts';
import { EventLog } from './live/event-log.ts';
import { addLiveStream } from './live/socket.ts';
import { addBodies } from './plugins/bodies.ts';
import { makeMetrics } from './plugins/metrics.ts';
import {
  addProblems,
  BODY_BYTES_MAX,
  onClientError,
  onFrameworkError,
  refuseOtherMethods,
} from './plugins/problems.ts';
import { addSecurity, type SecurityConfig } from './plugins/security.ts';
import { clusterRoutes } from './routes/cluster.ts';
import { dagRoutes } from './routes/dags.ts';
import { eventRoutes } from './routes/events.ts';
import { exampleRoutes } from './routes/examples.ts';
import { functionRoutes } from './routes/functions.ts';
import { healthRoutes } from './routes/health.ts';
import { invocationRoutes } from './routes/invocations.ts';
import { invokeRoutes } from './routes/invoke.ts';
import { keyRoutes } from './routes/keys.ts';
import { addOpenApi } from './routes/openapi.ts';
import { addStudio } from './routes/studio.ts';
import type { AnalyzeFunction, ServerContext } from './server-context.ts';

export interface AppDependencies {
  readonly cluster: Cluster;
  readonly analyzeFunction: AnalyzeFunction;
  readonly security: SecurityConfig;
  /** Folder of the built studio. */
  readonly studioFolder: string;
  readonly logger: Logger;
  /**
   * An HTTP server that listens already; without it the app makes its own. Its owner passes
   * requests on to `app.routing` once the app is ready, and closes it.
   */
  readonly server?: Server | undefined;
  /** Events that the log keeps; tests make it small. */
  readonly eventCapacity?: number | undefined;
}

const nowMs = (): number => Date.now();

const after = (delayMs: number, wake: () => void): (() => void) => {
  const timer = setTimeout(wake, delayMs);
  return () => {
    clearTimeout(timer);
  };
};

function logClusterChange(logger: Logger, event: RuntimeEvent): void {
  if (event.kind !== 'cluster.changed') return;
  const { change, id, detail } = event;
  const level = change === 'worker-crashed' ? 'warn' : 'info';
  logger[level]({ change, id, detail }, 'cluster changed');
}

/** Everything behind the routes, following the events of the cluster. */
function makeContext({ cluster, analyzeFunction, eventCapacity, logger }: AppDependencies) {
  const metrics = makeMetrics();
  const accepted = new AcceptedInvocations(cluster);
  const onBug = (err: unknown): void => {
    logger.error({ err }, 'bug');
  };
  const book = new InvocationBook({
    cluster: accepted,
    nowMs,
    random: () => Math.random(),
    onBug,
    onSettled: metrics.countInvocation,
    onForgotten: (id) => {
      accepted.forget(id).catch(onBug);
    },
  });
  const image = new ClusterImage();
  const log = new EventLog(eventCapacity, image);
  image.follow(log);
  const stopListening = cluster.onEvent((told) => {
    metrics.countEvent(told);
    if (told.kind === 'cluster.changed') logClusterChange(logger, told.event());
    log.append(told);
  });
  const examples = makeExampleCatalog(cluster, analyzeFunction);
  const context: ServerContext = {
    cluster,
    analyzeFunction,
    log,
    accepted,
    book,
    metrics,
    examples,
    nowMs,
    after,
  };
  return { context, image, close: stopListening };
}

function makeFastify({ logger, server }: AppDependencies): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = logger;
  const options: FastifyHttpOptions<Server> = {
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    // A key of 1,024 characters, each of up to four bytes, percent-encoded.
    routerOptions: { maxParamLength: 12_288, ignoreTrailingSlash: true },
    requestIdHeader: false,
    forceCloseConnections: true,
    frameworkErrors: onFrameworkError,
    clientErrorHandler: onClientError,
  };
  if (server === undefined) return fastify(options);
  return fastify({ ...options, serverFactory: () => server });
}

export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const app = makeFastify(dependencies);
  const { context, image, close } = makeContext(dependencies);
  await resumeAccepted(context);
  app.addHook('onClose', (_app, done) => {
    close();
    done();
  });
  const methodsByPath = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPath.get(url) ?? new Set();
    for (const name of Array.isArray(method) ? method : [method]) methods.add(name);
    methodsByPath.set(url, methods);
  });
  addProblems(app);
  addBodies(app);
  const guard = addSecurity(app, dependencies.security);

  const endpoints: readonly Endpoint[] = [
    ...functionRoutes(context),
    ...dagRoutes(context),
    ...invokeRoutes(context),
    ...invocationRoutes(context),
    ...keyRoutes(context),
    ...clusterRoutes(context),
    ...exampleRoutes(context),
    ...eventRoutes(),
    ...healthRoutes(context),
  ];
  for (const endpoint of endpoints) addEndpoint(app, endpoint);
  addOpenApi(app, endpoints);
  addLiveStream(
    app,
    { log: context.log, images: image, cluster: randomUUID(), soon: setImmediate },
    guard,
  );
  const apiPaths = new Map(methodsByPath);
  await addStudio(app, dependencies.studioFolder);
  refuseOtherMethods(app, apiPaths);
  return app;
}
