/**
 * A server process for tests, with two workers and nothing else. Prints their process ids as one
 * line of JSON, then waits to be killed. Arguments: `jail` or `no-jail`, and a command for the
 * first worker (worker-fixture.ts).
 */
import { cacheAddress } from '@stormglass/core';
import { fileURLToPath } from 'node:url';
import { SILENT_LOG } from '../adapters/node/log.ts';
import { ServerHub } from '../adapters/node/server-hub.ts';
import { Supervisor } from '../adapters/node/supervisor.ts';
import { monotonicNs, systemClock } from '../adapters/node/system-clock.ts';

const [, , jail, command = ''] = process.argv;
const startedAtNs = monotonicNs();
const hub = new ServerHub({
  clock: systemClock(startedAtNs),
  log: SILENT_LOG,
  onEvent: () => undefined,
});
const supervisor = await Supervisor.open({
  hub,
  entry: fileURLToPath(new URL('worker-fixture.ts', import.meta.url)),
  storageNodes: [],
  startedAtNs,
  nextIncarnation: async () => 1,
  report: () => undefined,
  log: SILENT_LOG,
  jail: jail === 'jail',
});
await Promise.all([supervisor.addWorker(), supervisor.addWorker()]);
if (command !== '') {
  hub.transport.send(cacheAddress('w1'), { type: 'storage.forget', cache: command });
}
process.stdout.write(`${JSON.stringify(supervisor.workers().map(({ pid }) => pid))}\n`);
