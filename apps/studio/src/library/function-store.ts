/**
 * The functions on the server, and the source that this browser has changed but not saved yet.
 */
import { functionBody } from '@stormglass/core';
import type { FunctionDetail, FunctionName, FunctionSummary } from '@stormglass/core';
import { createStore, useStore } from 'zustand';
import { deleteFunction, getFunction, listFunctions, putFunction } from '../api/functions.ts';
import type { Answer, ApiProblem } from '../api/request.ts';

export type Language = FunctionSummary['language'];

export interface FunctionDraft {
  readonly source: string;
  readonly language: Language;
}

export interface FunctionState {
  /** `undefined` until the first answer. */
  readonly functions: ReadonlyMap<FunctionName, FunctionSummary> | undefined;
  /** Why the list could not be loaded. */
  readonly listProblem: ApiProblem | undefined;
  readonly details: ReadonlyMap<FunctionName, FunctionDetail>;
  readonly drafts: ReadonlyMap<FunctionName, FunctionDraft>;
  /** Why the last save of a function was refused. */
  readonly problems: ReadonlyMap<FunctionName, ApiProblem>;
}

const DRAFT_PREFIX = 'stormglass.draft.';

export const functionStore = createStore<FunctionState>(() => ({
  functions: undefined,
  listProblem: undefined,
  details: new Map(),
  drafts: readDrafts(),
  problems: new Map(),
}));

export const useFunctions = <T>(select: (state: FunctionState) => T): T =>
  useStore(functionStore, select);

const without = <V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> => {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
};

const withEntry = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  new Map(map).set(key, value);

function parseDraft(text: string | null): FunctionDraft | undefined {
  try {
    const parsed = functionBody.safeParse(JSON.parse(text ?? ''));
    if (!parsed.success) return undefined;
    return { source: parsed.data.source, language: parsed.data.language ?? 'javascript' };
  } catch {
    return undefined;
  }
}

function readDrafts(): ReadonlyMap<FunctionName, FunctionDraft> {
  const drafts = new Map<FunctionName, FunctionDraft>();
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(DRAFT_PREFIX)) continue;
      const draft = parseDraft(localStorage.getItem(key));
      if (draft !== undefined) drafts.set(key.slice(DRAFT_PREFIX.length), draft);
    }
  } catch {
    // A browser without storage starts without drafts.
  }
  return drafts;
}

function keepDraft(name: FunctionName, draft: FunctionDraft | undefined): void {
  try {
    if (draft === undefined) localStorage.removeItem(DRAFT_PREFIX + name);
    else localStorage.setItem(DRAFT_PREFIX + name, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
}

export async function loadFunctions(): Promise<void> {
  const answer = await listFunctions();
  if (!answer.ok) {
    functionStore.setState({ listProblem: answer.problem });
    return;
  }
  const functions = new Map(answer.value.map((summary) => [summary.name, summary]));
  // A newer version makes the source that was read before stale.
  const details = new Map(
    [...functionStore.getState().details].filter(
      ([name, detail]) => functions.get(name)?.version === detail.version,
    ),
  );
  functionStore.setState({ functions, listProblem: undefined, details });
}

export async function loadSource(name: FunctionName): Promise<Answer<FunctionDetail>> {
  const answer = await getFunction(name);
  if (answer.ok) {
    const { details } = functionStore.getState();
    functionStore.setState({ details: withEntry(details, name, answer.value) });
  }
  return answer;
}

/** Remembers what was typed; text equal to the saved source is no draft. A refusal was of the text before. */
export function editFunction(name: FunctionName, draft: FunctionDraft): void {
  const { details, drafts, problems } = functionStore.getState();
  const saved = details.get(name);
  const isSame = saved?.source === draft.source && saved.language === draft.language;
  keepDraft(name, isSame ? undefined : draft);
  functionStore.setState({
    drafts: isSame ? without(drafts, name) : withEntry(drafts, name, draft),
    problems: problems.has(name) ? without(problems, name) : problems,
  });
}

/** Registers a source under a name, new or not; the draft is done with when the server took it. */
export async function saveFunction(
  name: FunctionName,
  draft: FunctionDraft,
): Promise<Answer<FunctionSummary>> {
  const before = functionStore.getState().functions?.get(name);
  const limits =
    before === undefined ? {} : { timeoutMs: before.timeoutMs, memoryMb: before.memoryMb };
  const answer = await putFunction(name, { ...draft, ...limits });
  const { functions, details, drafts, problems } = functionStore.getState();
  if (!answer.ok) {
    functionStore.setState({ problems: withEntry(problems, name, answer.problem) });
    return answer;
  }
  const typedSince = drafts.get(name)?.source !== draft.source && drafts.has(name);
  if (!typedSince) keepDraft(name, undefined);
  functionStore.setState({
    functions: withEntry(functions ?? new Map(), name, answer.value),
    details: withEntry(details, name, { ...answer.value, source: draft.source }),
    drafts: typedSince ? drafts : without(drafts, name),
    problems: without(problems, name),
  });
  return answer;
}

/** Saves what was changed among the named functions; the first refusal ends it. */
export async function saveDrafts(names: ReadonlySet<FunctionName>): Promise<Answer<undefined>> {
  for (const [name, draft] of functionStore.getState().drafts) {
    if (!names.has(name)) continue;
    const answer = await saveFunction(name, draft);
    if (!answer.ok) {
      const where = { function: name };
      return { ok: false, problem: { ...answer.problem, ...where } };
    }
  }
  return { ok: true, value: undefined };
}

export async function removeFunction(name: FunctionName): Promise<Answer<undefined>> {
  const answer = await deleteFunction(name);
  if (!answer.ok && answer.problem.status !== 404) return answer;
  keepDraft(name, undefined);
  const { functions, details, drafts, problems } = functionStore.getState();
  functionStore.setState({
    functions: without(functions ?? new Map(), name),
    details: without(details, name),
    drafts: without(drafts, name),
    problems: without(problems, name),
  });
  return { ok: true, value: undefined };
}
