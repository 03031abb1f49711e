// `npm run with -- <command>`: runs a command with the project's own Node and pnpm, everything installed.
import { delimiter, join } from 'node:path';
import { endTogether, exitCode, startProcess } from './child-process.mjs';
import { ensureToolchain, projectRoot, toolchainEnvironment } from './toolchain.mjs';
import { ensureInstalled } from './workspace.mjs';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('Usage: npm run with -- <command> [arguments]');
  process.exit(2);
}
endTogether();
await ensureToolchain();
await ensureInstalled();
const env = toolchainEnvironment();
const binFolder = join(projectRoot, 'node_modules/.bin');
const child = startProcess(command, args, {
  env: { ...env, PATH: `${binFolder}${delimiter}${env.PATH}` },
  stdio: 'inherit',
});
process.exit(await exitCode(child));
