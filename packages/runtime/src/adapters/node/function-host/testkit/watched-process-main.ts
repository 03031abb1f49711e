/**
 * A worker process as the watchdog's tests need it: `watched-process-main.ts <growthMb> <timeoutMs>
 * <source>` runs one call of the source and prints its outcome. Without a source it only stays
 * alive.
 */
import { writeSync } from 'node:fs';
import { analyzeFunction } from '../../function-source/analyze-function.ts';
import { createIsolateHost } from '../isolate-host.ts';
import { startWatchdog } from '../start-watchdog.ts';

const [growthMb, timeoutMs, source] = process.argv.slice(2);
const watchdog = startWatchdog({ reportFd: 3, growthMb: Number(growthMb) });
writeSync(1, 'ready\n');
if (source === undefined) setInterval(() => {}, 1_000);
else {
  const host = createIsolateHost({ executor: 'w1/e1', watch: watchdog.watch });
  const analyzed = analyzeFunction({
    name: 'f',
    source,
    version: 1,
    timeoutMs: Number(timeoutMs),
    memoryMb: 32,
  });
  if (!analyzed.ok) throw new Error(analyzed.failure.detail);
  host.start(
    { id: 'invocation-7/f', definition: analyzed.value, arguments: [] },
    {
      request: (_request, reply) => {
        reply({ status: 'done' });
      },
      log: () => {},
      finished: (outcome) => {
        writeSync(1, JSON.stringify(outcome));
        host.close();
        void watchdog.close();
      },
    },
  );
}
