/**
 * What the editor offers while typing: the `cloud` API, parameters, locals, and the language's own objects.
 */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { localCompletionSource, scopeCompletionSource } from '@codemirror/lang-javascript';
import { CLOUD_DOC, cloudMembers, latticeMembers } from './cloud-api.ts';
import type { ApiMember } from './cloud-api.ts';
import { drawExplanation, explanationOf } from './explanation.ts';
import { parametersOf } from './signature.ts';

/** The list shows the arguments, the panel beside it the whole type. */
const optionOf = (member: ApiMember): Completion => ({
  label: member.name,
  type: member.kind,
  detail: member.kind === 'method' ? (/^\([^)]*\)/u.exec(member.type)?.[0] ?? '') : member.type,
  info: () => drawExplanation(explanationOf(member)),
});

const cloudOptions = cloudMembers.map(optionOf);
const latticeOptions = latticeMembers.map(optionOf);

const WORD = /^\w*$/u;

export function completeCloud(context: CompletionContext): CompletionResult | null {
  const lattice = context.matchBefore(/\bcloud\s*\.\s*lattice\s*\.\s*\w*/u);
  const member = lattice ?? context.matchBefore(/\bcloud\s*\.\s*\w*/u);
  if (member === null) return null;
  const from = member.from + (/\w*$/u.exec(member.text)?.index ?? member.text.length);
  return { from, options: lattice === null ? cloudOptions : latticeOptions, validFor: WORD };
}

/** Only where a name of its own may stand: not after a dot. */
export function completeParameters(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\w$]+/u);
  if (word === null) return null;
  if (context.state.sliceDoc(word.from - 1, word.from) === '.') return null;
  const options = parametersOf(context.state).map(({ name, type }) => ({
    label: name,
    type: 'variable',
    detail: type === undefined ? 'parameter' : `: ${type}`,
    boost: 10,
    ...(name === 'cloud' ? { info: CLOUD_DOC } : {}),
  }));
  return { from: word.from, options, validFor: /^[\w$]*$/u };
}

/** What an isolate has: the language, and nothing of a machine. */
const scope = {
  Array,
  BigInt,
  Boolean,
  console: { log() {} },
  Date,
  Error,
  JSON,
  Map,
  Math,
  Number,
  Object,
  Promise,
  RangeError,
  RegExp,
  Set,
  String,
  Symbol,
  TypeError,
  Uint8Array,
};

export const completeLanguage = scopeCompletionSource(scope);
export const completeLocals = localCompletionSource;
