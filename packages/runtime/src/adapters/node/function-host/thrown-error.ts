/**
 * What user code threw, with the lines of its own source only.
 */
import type { ThrownError } from '@stormglass/core';

/** The file name under which a function is compiled, as its stack lines show it. */
export function fileNameOf(definition: {
  readonly name: string;
  readonly language: 'javascript' | 'typescript';
}): string {
  return `${definition.name}.${definition.language === 'typescript' ? 'ts' : 'js'}`;
}

interface Raw {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export function thrownError(raw: Raw, fileName: string): ThrownError {
  const place = new RegExp(`[\\s(]${fileName.replace('.', '\\.')}:(\\d+):(\\d+)\\)?$`, 'u');
  const frames = raw.stack.split('\n').filter((line) => place.test(line));
  const first = place.exec(frames[0] ?? '');
  const name = raw.name === '' ? 'Error' : raw.name;
  const head = raw.message === '' ? name : `${name}: ${raw.message}`;
  return {
    name,
    message: raw.message,
    stack: [head, ...frames].join('\n'),
    ...(first === null ? {} : { line: Number(first[1]), column: Number(first[2]) }),
  };
}
