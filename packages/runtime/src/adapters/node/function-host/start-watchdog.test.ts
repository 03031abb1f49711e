import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BUSY_LINE } from '../busy-line.ts';

const main = fileURLToPath(new URL('testkit/watched-process-main.ts', import.meta.url));
const nodeArguments = ['--disable-warning=ExperimentalWarning', main];

interface Limits {
  readonly timeoutMs: number;
  readonly growthMb: number;
}

interface End {
  readonly signal: string | null;
  readonly output: string;
  readonly report: unknown;
}

/** Runs one call in a process of its own until that process ends. */
async function runWatched(source: string, options: Partial<Limits> = {}): Promise<End> {
  const { timeoutMs = 400, growthMb = 512 } = options;
  const limits = [String(growthMb), String(timeoutMs)];
  const child = spawn(process.execPath, [...nodeArguments, ...limits, source], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const reports = child.stdio[3];
  if (!(reports instanceof Readable) || child.stdout === null) throw new Error('a pipe is missing');
  const ended = new Promise<string | null>((resolve) => {
    child.on('close', (_code, signal) => {
      resolve(signal);
    });
  });
  const [output, said, signal] = await Promise.all([text(child.stdout), text(reports), ended]);
  const report = said.replaceAll(BUSY_LINE, '');
  return {
    signal,
    output: output.replace('ready\n', ''),
    report: report === '' ? undefined : JSON.parse(report),
  };
}

describe('the watchdog', { concurrent: true }, () => {
  test('lets a well-behaved call alone', async () => {
    expect(await runWatched('export default () => 1')).toEqual({
      signal: null,
      output: '{"status":"returned","value":"1"}',
      report: undefined,
    });
  });

  test('lets a loop alone that V8 ends itself', async () => {
    const end = await runWatched('export default () => { for (;;); }');
    expect(end).toMatchObject({ signal: null, report: undefined });
    expect(JSON.parse(end.output)).toMatchObject({ failure: { type: 'timeout' } });
  });

  test('a built-in that V8 does not interrupt ends the process, and the call is named', async () => {
    expect(await runWatched('export default () => { 7n ** 40000000n }')).toEqual({
      signal: 'SIGKILL',
      output: '',
      report: {
        culprit: 'invocation-7/f',
        type: 'timeout',
        detail: 'The function was inside one long operation that V8 does not interrupt.',
      },
    });
  });

  test('a shortage of memory that V8 does not survive is reported as one', async () => {
    const bomb =
      'export default () => { const m = new Map(); for (let i = 0; ; i++) m.set(i, {}) }';
    const { signal, report } = await runWatched(bomb, { timeoutMs: 15_000 });
    expect(signal).toBe('SIGKILL');
    expect(report).toMatchObject({ culprit: 'invocation-7/f', type: 'memory-limit' });
  });

  test('memory of the process that no isolate accounts for', async () => {
    const bomb = 'export default () => new Array(2 ** 25).fill(1.5).length';
    const { signal, report } = await runWatched(bomb, { timeoutMs: 15_000, growthMb: 20 });
    expect(signal).toBe('SIGKILL');
    expect(report).toMatchObject({ culprit: 'invocation-7/f', type: 'memory-limit' });
  });

  test('the process follows its parent', async () => {
    const parent = spawn(
      'sh',
      ['-c', '"$0" "$@" & read line', process.execPath, ...nodeArguments, '512', '0'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    // The grandchild holds the pipe open for as long as it lives.
    const closed = new Promise<void>((resolve) => {
      parent.stdout.on('close', resolve);
    });
    await new Promise((resolve) => {
      parent.stdout.once('data', resolve);
    });
    expect(parent.kill('SIGKILL')).toBe(true);
    await closed;
  });
});
