/**
 * What was typed and chosen for the next run, kept per DAG across reloads; never part of the document.
 */
import type { ConsistencyLevel, DagName } from '@stormglass/core';
import { createStore } from 'zustand/vanilla';
import { isConsistencyLevel } from './levels.ts';

export interface RunForm {
  /** Field id → what was typed. */
  readonly texts: ReadonlyMap<string, string>;
  /** Absent: the DAG's own. */
  readonly level: ConsistencyLevel | undefined;
  readonly continuesSession: boolean;
  readonly traces: boolean;
}

const EMPTY_FORM: RunForm = {
  texts: new Map(),
  level: undefined,
  continuesSession: false,
  traces: true,
};

const STORAGE_PREFIX = 'stormglass.run-form.';

/** One form per DAG. */
export const runFormStore = createStore<ReadonlyMap<DagName, RunForm>>(() => new Map());

export function formOf(dag: DagName): RunForm {
  return runFormStore.getState().get(dag) ?? EMPTY_FORM;
}

/** Brings back what was typed in an earlier visit. */
export function openForm(dag: DagName): void {
  if (runFormStore.getState().has(dag)) return;
  put(dag, readKept(dag));
}

export function changeForm(dag: DagName, change: Partial<RunForm>): void {
  const form = { ...formOf(dag), ...change };
  put(dag, form);
  try {
    const { texts, ...rest } = form;
    localStorage.setItem(STORAGE_PREFIX + dag, JSON.stringify({ ...rest, texts: [...texts] }));
  } catch {
    // Storage is full or forbidden: the form lives as long as the page.
  }
}

function put(dag: DagName, form: RunForm): void {
  runFormStore.setState(new Map(runFormStore.getState()).set(dag, form), true);
}

function readKept(dag: DagName): RunForm {
  try {
    return parseForm(JSON.parse(localStorage.getItem(STORAGE_PREFIX + dag) ?? ''));
  } catch {
    return EMPTY_FORM;
  }
}

/** Takes what it understands of something that an older page may have written. */
function parseForm(kept: unknown): RunForm {
  if (typeof kept !== 'object' || kept === null) return EMPTY_FORM;
  const texts = 'texts' in kept && Array.isArray(kept.texts) ? kept.texts : [];
  const level = 'level' in kept ? kept.level : undefined;
  return {
    texts: new Map(texts.filter(isTextEntry)),
    level: isConsistencyLevel(level) ? level : undefined,
    continuesSession: 'continuesSession' in kept && kept.continuesSession === true,
    traces: !('traces' in kept) || kept.traces !== false,
  };
}

const isTextEntry = (entry: unknown): entry is [string, string] =>
  Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'string';
