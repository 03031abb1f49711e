/**
 * TypeScript to JavaScript with every line and column in place: types become blanks (Node's own
 * stripper). What needs code instead of blanks (enum, namespace, parameter property) is a syntax
 * error.
 */
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { fail, succeed } from '@stormglass/core';
import type { Failure, Result } from '@stormglass/core';
import type { StripAnswer, StripperData } from './strip-types-main.ts';

const ANSWER_TIMEOUT_MS = 5_000;
/** How wide Node prints a tab in the excerpt of an error. */
const TAB_WIDTH = 4;

interface Stripper {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly answers: Int32Array<SharedArrayBuffer>;
}

/** Made at the first use and after every source that broke it. */
let stripper: Stripper | undefined;

function makeStripper(): Stripper {
  const { port1: port, port2 } = new MessageChannel();
  const answers = new Int32Array(new SharedArrayBuffer(4));
  const workerData: StripperData = { port: port2, answers };
  const worker = new Worker(new URL('strip-types-main.ts', import.meta.url), {
    workerData,
    transferList: [port2],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  worker.unref();
  port.unref();
  return { worker, port, answers };
}

function isAnswer(value: unknown): value is StripAnswer {
  return typeof value === 'object' && value !== null && 'ok' in value;
}

/** Waits for the answer; `undefined` when there is none, which leaves no stripper behind. */
function ask(source: string): StripAnswer | undefined {
  stripper ??= makeStripper();
  const { worker, port, answers } = stripper;
  const before = Atomics.load(answers, 0);
  port.postMessage(source);
  Atomics.wait(answers, 0, before, ANSWER_TIMEOUT_MS);
  const answer: unknown = receiveMessageOnPort(port)?.message;
  if (isAnswer(answer) && (answer.ok || /TYPESCRIPT/u.test(answer.code))) return answer;
  stripper = undefined;
  void worker.terminate();
  return undefined;
}

/**
 * Node tells the place of the error only in the stack: `:<line>`, the source, and carets under the
 * culprit. Tabs of the source are printed wider than they are.
 */
function placeIn(stack: string, source: string): Pick<Failure, 'line' | 'column'> {
  const printed = stack.split('\n');
  const line = Number(/:(\d+)$/u.exec(printed[0] ?? '')?.[1]);
  if (Number.isNaN(line)) return {};
  const text = source.split('\n')[line - 1] ?? '';
  const carets = printed.find((row) => /^ *\^+$/u.test(row));
  // A culprit of several lines is marked by its lines only.
  if (carets === undefined) return { line, column: text.search(/\S/u) + 1 };
  let column = 0;
  for (let width = carets.indexOf('^'); width > 0; column += 1) {
    width -= text[column] === '\t' ? TAB_WIDTH : 1;
  }
  return { line, column: column + 1 };
}

function sentence(code: string, message: string): string {
  const [first = ''] = message.split('\n');
  if (code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return `${first}.`;
  const what = first.replace(/ is not supported in strip-only mode$/u, '');
  if (what === first) return first;
  return `${what} is not supported: types are only erased here, and this needs code. Write it in plain JavaScript.`;
}

/** Fails with `syntax-error`. */
export function stripTypes(source: string): Result<string> {
  const answer = ask(source);
  if (answer === undefined) {
    const detail = 'The source is nested too deeply, or takes too long, to be parsed.';
    return fail({ type: 'syntax-error', detail });
  }
  if (answer.ok) return succeed(answer.javascript);
  const detail = sentence(answer.code, answer.message);
  return fail({ type: 'syntax-error', detail, ...placeIn(answer.stack, source) });
}
