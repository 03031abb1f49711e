/**
 * The code that runs inside every isolate before the user's: the modules of `bridge/`, with types
 * erased.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const folder = new URL('bridge/', import.meta.url);

/** By the specifier that the modules import each other with, for example `./encode.ts`. */
export type BridgeSource = ReadonlyMap<string, string>;

export const BRIDGE_ENTRY = './entries.ts';

/**
 * Node warns once that the stripper is experimental; start the process with
 * `--disable-warning=ExperimentalWarning`.
 */
export function loadBridge(): BridgeSource {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return new Map(
    names.map((name) => [
      `./${name}`,
      stripTypeScriptTypes(readFileSync(new URL(name, folder), 'utf8'), { mode: 'strip' }),
    ]),
  );
}
