/**
 * What a worker process runs: a cache and executors whose functions run in isolates on this thread,
 * and a watchdog beside it that ends the process when nothing else can end a function.
 */
import { createWorkerRoles } from '@stormglass/runtime';
import {
  createIsolateHost,
  LAST_WORDS_FD,
  lineLog,
  readWorkerStart,
  runWorker,
  startWatchdog,
} from '@stormglass/runtime/node';

const watchdog = startWatchdog({ reportFd: LAST_WORDS_FD });

await runWorker({
  start: readWorkerStart(),
  log: lineLog,
  exit: (code) => process.exit(code),
  createRoles: ({ worker, incarnation, executors, storageNodes, ports, guard }) => {
    const roles = createWorkerRoles({
      worker,
      incarnation,
      executors,
      storages: storageNodes,
      ports,
      createHost: (executor) => guard(createIsolateHost({ executor, watch: watchdog.watch })),
    });
    return {
      all: roles.all,
      stats: () => ({
        executors: roles.executors.map((executor) => {
          const { calls, utilisation, pinnedFunctions } = executor.statistics();
          return {
            id: executor.id,
            state: calls === 0 ? ('idle' as const) : ('busy' as const),
            calls,
            utilisation,
            pinnedFunctions: [...pinnedFunctions],
          };
        }),
        cache: roles.cache.statistics(),
      }),
    };
  },
});
