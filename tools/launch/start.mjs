// `npm start`: brings what is missing into the project folder, then runs the server until it is told to stop.
//
// The server holds one end of an IPC channel to this process. When this process is gone, however it ended,
// the channel closes, and the server ends itself and its workers.
import { endingSignal, endTogether, exitCode, startProcess } from './child-process.mjs';
import { secondsSince } from './progress.mjs';
import { ensureToolchain, nodePath, projectRoot, toolchainEnvironment } from './toolchain.mjs';
import { ensureInstalled, ensureStudioBuilt } from './workspace.mjs';

const startedMs = performance.now();
endTogether();
console.log('Stormglass');
await ensureToolchain();
await ensureInstalled();
await ensureStudioBuilt();
console.log(`  Starting the server (${secondsSince(startedMs)} so far)`);

// V8 optimises a function after fewer calls than by default: the first thousand invocations of a new
// server then take half as long.
const V8_FLAGS = [
  '--invocation-count-for-maglev=50',
  '--invocation-count-for-turbofan=500',
  '--minimum-invocations-after-ic-update=50',
];
const server = startProcess(
  nodePath,
  [...V8_FLAGS, 'apps/server/src/main.ts', ...process.argv.slice(2)],
  {
    cwd: projectRoot,
    env: toolchainEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  },
  'program',
);
const code = await exitCode(server);
const askedToEnd = endingSignal() !== undefined;
// With 1 it has said in one line why it could not start.
if (!askedToEnd && code !== 1) console.error(`The server ended by itself with exit code ${code}.`);
process.exit(code);
