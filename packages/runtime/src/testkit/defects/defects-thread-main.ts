/**
 * One thread of `npm run simulate:defects`: looks for the defects that it is sent, one after the
 * other.
 */
import { parentPort } from 'node:worker_threads';
import { must } from '@stormglass/core';
import { type DefectTask, reportDefect } from './defect-report.ts';

const port = must(parentPort, 'this is a thread');

port.on('message', (task: DefectTask) => {
  void reportDefect(task).then((report) => port.postMessage(report));
});
