// Starting programs so that none of them outlives the launcher.
//
// Every program gets a process group of its own: a Ctrl-C in the terminal then reaches only the launcher,
// which passes it on once, waits, and ends the whole group of a program that does not stop in time.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const graceMs = 15_000;
/** How often to look whether npm, which started the launcher, is still there. */
const parentPollMs = 500;

/** @type {Map<import('node:child_process').ChildProcess, 'program' | 'group'>} */
const running = new Map();
/** @type {NodeJS.Signals | undefined} */
let endedBy;

/**
 * Starts a program. When it ends, whatever it left behind in its group is ended too.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {'program' | 'group'} told who is told to end: a program that ends its own children, or all of them
 */
export function startProcess(command, args, options, told = 'group') {
  const child = spawn(command, args, { ...options, detached: true });
  running.set(child, told);
  child.once('error', () => running.delete(child));
  child.once('exit', () => {
    running.delete(child);
    signalGroup(child, 'SIGKILL');
  });
  return child;
}

/**
 * The exit code a shell would report; a program that cannot be started counts as 127.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export function exitCode(child) {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what the signal was for.
  }
}

/** @param {NodeJS.Signals} signal */
function endAll(signal) {
  if (endedBy !== undefined) return;
  endedBy = signal;
  if (running.size === 0) process.exit(128 + constants.signals[signal]);
  const passedOn = signal === 'SIGHUP' ? 'SIGTERM' : signal;
  for (const [child, told] of running) {
    if (told === 'group') signalGroup(child, passedOn);
    else child.kill(passedOn);
  }
  setTimeout(killAll, graceMs).unref();
}

function killAll() {
  for (const child of running.keys()) signalGroup(child, 'SIGKILL');
}

/** The signal that asked the launcher to end, if one did. */
export function endingSignal() {
  return endedBy;
}

/** Installs the handlers. Without it a signal would end the launcher and leave its programs behind. */
export function endTogether() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => endAll(signal));
  }
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) endAll('SIGTERM');
  }, parentPollMs).unref();
  process.on('exit', killAll);
}
