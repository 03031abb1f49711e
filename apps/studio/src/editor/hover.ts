/**
 * Types on hover: for `cloud` and its members, and for the parameters of the function.
 */
import { hoverTooltip } from '@codemirror/view';
import type { EditorView } from '@codemirror/view';
import { CLOUD_DOC, CLOUD_TYPE, cloudMembers, latticeMembers } from './cloud-api.ts';
import { drawExplanation, explanationOf } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { parametersOf } from './signature.ts';

function memberExplanation(path: string, word: string): Explanation | undefined {
  const members = /\bcloud\s*\.\s*lattice\s*\.\s*$/u.test(path)
    ? latticeMembers
    : /\bcloud\s*\.\s*$/u.test(path)
      ? cloudMembers
      : [];
  const member = members.find(({ name }) => name === word);
  return member === undefined ? undefined : explanationOf(member);
}

function parameterExplanation(view: EditorView, word: string): Explanation | undefined {
  const parameter = parametersOf(view.state).find(({ name }) => name === word);
  if (parameter === undefined) return undefined;
  if (word === 'cloud') return { code: CLOUD_TYPE, doc: CLOUD_DOC };
  const { type, defaultText } = parameter;
  const code = `${word}${defaultText === undefined ? '' : '?'}: ${type ?? 'Value'}`;
  const fallback = defaultText === undefined ? '' : ` When nothing arrives it is ${defaultText}.`;
  return { code, doc: `Input port of this function.${fallback}` };
}

function explain(view: EditorView, from: number, to: number): Explanation | undefined {
  const word = view.state.sliceDoc(from, to);
  const path = view.state.sliceDoc(Math.max(0, from - 80), from);
  const afterDot = /\.\s*$/u.test(path);
  return afterDot ? memberExplanation(path, word) : parameterExplanation(view, word);
}

export const hoverTypes = hoverTooltip((view, position) => {
  const word = view.state.wordAt(position);
  if (word === null) return null;
  const explanation = explain(view, word.from, word.to);
  if (explanation === undefined) return null;
  return {
    pos: word.from,
    end: word.to,
    above: true,
    create: () => ({ dom: drawExplanation(explanation) }),
  };
});
