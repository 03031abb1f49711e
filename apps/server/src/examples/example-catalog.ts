/**
 * The examples: their sources are read from their folders, and installed on request. Installing
 * adds what is not there; what a person has changed since stays as it is.
 */
import { readFile } from 'node:fs/promises';
import {
  dagBody,
  describeDagProblem,
  fail,
  succeed,
  validateDag,
  type Example,
  type Result,
} from '@stormglass/core';
import type { Cluster } from '../cluster-port.ts';
import { draftOf } from '../routes/dag-body.ts';
import type { AnalyzeFunction } from '../server-context.ts';
import { composition } from './composition/composition.ts';
import type { ExampleDefinition } from './example-definition.ts';
import { timeline } from './timeline/timeline.ts';
import { weather } from './weather/weather.ts';

export interface ExampleCatalog {
  /** Easiest first. */
  readonly list: readonly Example[];
  /** `undefined` when there is no such example. */
  readonly install: (id: string) => Promise<Result<{ readonly dag: string }> | undefined>;
}

const definitions: readonly ExampleDefinition[] = [composition, weather, timeline];

/** `load-weather.js` → `loadWeather`. */
const functionName = (file: string): string =>
  file
    .replace(/\.js$/u, '')
    .replaceAll(/-(?<letter>[a-z])/gu, (_, letter: string) => letter.toUpperCase());

async function installFunction(
  cluster: Cluster,
  analyze: AnalyzeFunction,
  folder: string,
  file: string,
): Promise<Result<unknown>> {
  const name = functionName(file);
  if (cluster.findFunction(name) !== undefined) return succeed(undefined);
  const source = await readFile(new URL(`${folder}/${file}`, import.meta.url), 'utf8');
  const analyzed = analyze({ name, source, version: 0 });
  if (!analyzed.ok) return analyzed;
  const { version: _unversioned, ...draft } = analyzed.value;
  return cluster.putFunction(draft);
}

async function installDag(
  cluster: Cluster,
  { dag, body }: ExampleDefinition,
): Promise<Result<unknown>> {
  if (cluster.findDag(dag) !== undefined) return succeed(undefined);
  const draft = draftOf(dag, dagBody.parse(body));
  // Only a function of the same name that somebody registered before can be in the way.
  const [problem] = validateDag(draft, cluster.findFunction);
  if (problem === undefined) return cluster.putDag(draft);
  const detail =
    `A function that is registered already does not fit the example: ${describeDagProblem(problem)} ` +
    'Delete or rename yours, and open the example again.';
  const { type, ...fields } = problem;
  return fail({ type, detail, ...fields });
}

async function installEntries(
  cluster: Cluster,
  definition: ExampleDefinition,
): Promise<Result<unknown>> {
  for (const [key, value] of await definition.entries()) {
    const held = await cluster.getKey(key);
    if (!held.ok) return held;
    if (held.value !== undefined) continue;
    const written = await cluster.putKey(key, JSON.stringify(value));
    if (!written.ok) return written;
  }
  return succeed(undefined);
}

async function install(
  cluster: Cluster,
  analyze: AnalyzeFunction,
  definition: ExampleDefinition,
): Promise<Result<{ readonly dag: string }>> {
  for (const file of definition.functionFiles) {
    const installed = await installFunction(cluster, analyze, definition.id, file);
    if (!installed.ok) return installed;
  }
  for (const step of [installEntries, installDag]) {
    const installed = await step(cluster, definition);
    if (!installed.ok) return installed;
  }
  return succeed({ dag: definition.dag });
}

export function makeExampleCatalog(cluster: Cluster, analyze: AnalyzeFunction): ExampleCatalog {
  return {
    list: definitions.map(({ id, title, summary, dag, arguments: args, consistency }) => ({
      id,
      title,
      summary,
      dag,
      arguments: args,
      ...(consistency === undefined ? {} : { consistency }),
    })),
    install: (id) => {
      const definition = definitions.find((candidate) => candidate.id === id);
      return definition === undefined
        ? Promise.resolve(undefined)
        : install(cluster, analyze, definition);
    },
  };
}
