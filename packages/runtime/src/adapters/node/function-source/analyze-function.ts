/**
 * From what an author wrote to a function definition: types erased, syntax checked, ports read off
 * the signature. Nothing of the source runs here.
 */
import {
  FUNCTION_MEMORY_MB_DEFAULT,
  FUNCTION_TIMEOUT_MS_DEFAULT,
  NAME_PATTERN,
  fail,
  succeed,
} from '@stormglass/core';
import type { Failure, FunctionDefinition, Result } from '@stormglass/core';
import type { Program } from 'acorn';
import { findDefaultExport } from './default-export.ts';
import { parseModule } from './parse-module.ts';
import { readSignature } from './read-signature.ts';
import { stripTypes } from './strip-types.ts';

export interface FunctionSource {
  readonly name: string;
  /** An ES module whose default export is a function. */
  readonly source: string;
  /** JavaScript when absent; never guessed. */
  readonly language?: 'javascript' | 'typescript' | undefined;
  readonly timeoutMs?: number | undefined;
  readonly memoryMb?: number | undefined;
  readonly version: number;
}

interface Parsed {
  readonly javascript: string;
  readonly program: Program;
}

function parseTypeScript(source: string): Result<Parsed> {
  const stripped = stripTypes(source);
  if (!stripped.ok) return stripped;
  const program = parseModule(stripped.value);
  return program.ok ? succeed({ javascript: stripped.value, program: program.value }) : program;
}

function parseJavaScript(source: string): Result<Parsed> {
  const program = parseModule(source);
  if (program.ok) return succeed({ javascript: source, program: program.value });
  if (!parseTypeScript(source).ok) return program;
  const detail = `${program.failure.detail} This is valid TypeScript: set the language to typescript.`;
  return fail({ ...program.failure, detail });
}

/**
 * Fails with `invalid-name`, `syntax-error` or `unsupported-signature`, with `line` and `column`
 * where they are known.
 */
export function analyzeFunction(input: FunctionSource): Result<FunctionDefinition> {
  const { name, source, language = 'javascript', version } = input;
  const refuse = (failure: Failure): Result<never> => fail({ ...failure, function: name });
  if (!NAME_PATTERN.test(name)) {
    return refuse({
      type: 'invalid-name',
      detail: `A name starts with a letter or _ and has at most 64 letters, digits, _ and -; this one is ${JSON.stringify(name)}.`,
    });
  }
  const parsed = language === 'typescript' ? parseTypeScript(source) : parseJavaScript(source);
  if (!parsed.ok) return refuse(parsed.failure);
  const exported = findDefaultExport(parsed.value.program);
  if (!exported.ok) return refuse(exported.failure);
  const signature = readSignature(exported.value, source);
  if (!signature.ok) return refuse(signature.failure);
  const { parameters, cloudPosition } = signature.value;
  return succeed({
    name,
    version,
    language,
    source,
    javascript: parsed.value.javascript,
    parameters,
    ...(cloudPosition === undefined ? {} : { cloudPosition }),
    timeoutMs: input.timeoutMs ?? FUNCTION_TIMEOUT_MS_DEFAULT,
    memoryMb: input.memoryMb ?? FUNCTION_MEMORY_MB_DEFAULT,
  });
}
