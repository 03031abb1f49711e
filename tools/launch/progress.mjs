// What a person sees while the launcher works: a line when a step begins, signs of life, a line when it ends.
import { endingSignal, exitCode, startProcess } from './child-process.mjs';

const signOfLifeMs = 10_000;

/** @param {number} startedMs */
export function secondsSince(startedMs) {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}

/**
 * Runs one program to its end. Its output is kept back and shown only when it fails.
 *
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function step(title, command, args, env) {
  const startedMs = performance.now();
  console.log(`  ${title} …`);
  const child = startProcess(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  const signOfLife = setInterval(() => {
    console.log(`    still working, ${secondsSince(startedMs)}`);
  }, signOfLifeMs);
  const code = await exitCode(child);
  clearInterval(signOfLife);
  if (code === 0) {
    console.log(`    done in ${secondsSince(startedMs)}`);
    return;
  }
  if (endingSignal() === undefined) {
    process.stderr.write(Buffer.concat(output));
    console.error(`\n${title}: '${command} ${args.join(' ')}' failed with exit code ${code}.`);
  }
  process.exit(code);
}
