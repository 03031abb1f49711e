/**
 * The program as a person starts it, where it ends before the cluster starts.
 */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

function run(environment: Record<string, string>): Promise<{ code: number | null; text: string }> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (part: string) => (text += part));
  }
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, text }));
  });
}

test('a port in use: one line with the remedy, exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, text } = await run({ PORT: String(port) });
  other.close();
  expect(code).toBe(1);
  expect(text).toBe(
    `Port ${port} is in use. Stop what runs there, or take another port: PORT=${port + 1} npm start\n`,
  );
});

test('an open address without a token: one line, exit code 1', async () => {
  const { code, text } = await run({ HOST: '0.0.0.0' });
  expect(code).toBe(1);
  expect(text).toMatch(/^HOST=0\.0\.0\.0 would let others .*STORMGLASS_TOKEN.*\n$/u);
});
