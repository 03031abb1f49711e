/**
 * How a worker process learns who it is: names on the command line, its token on standard input.
 */
import { assert } from '@stormglass/core';
import { readFileSync } from 'node:fs';
import type { WorkerStart } from './worker.ts';

/** In the process that a supervisor started; reads standard input to its end. */
export function readWorkerStart(): WorkerStart {
  const [, , worker, incarnation, serverPath, listenPath] = process.argv;
  assert(
    worker !== undefined &&
      incarnation !== undefined &&
      serverPath !== undefined &&
      listenPath !== undefined,
    'A worker is started by the server, with its name, incarnation and the paths of two sockets',
  );
  const token = readFileSync(0, 'utf8');
  return { worker, incarnation: Number(incarnation), serverPath, listenPath, token };
}
