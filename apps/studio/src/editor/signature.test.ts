import { ensureSyntaxTree } from '@codemirror/language';
import { javascript } from '@codemirror/lang-javascript';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import { parametersOf } from './signature.ts';

function parametersIn(doc: string) {
  const state = EditorState.create({ doc, extensions: javascript({ typescript: true }) });
  ensureSyntaxTree(state, doc.length, 5_000);
  return parametersOf(state).map(({ name, type, defaultText }) => [name, type, defaultText]);
}

test('the parameters of the exported function, with types and defaults', () => {
  const source =
    'const help = (other) => other\n' +
    "export default async function f(user: string, limit: number = 10, kind = 'a', cloud) {\n" +
    '  return [user].map((inner) => inner)\n}';
  expect(parametersIn(source)).toStrictEqual([
    ['user', 'string', undefined],
    ['limit', 'number', '10'],
    ['kind', undefined, "'a'"],
    ['cloud', undefined, undefined],
  ]);
});

test('an arrow function counts too, and text that does not parse yet has none', () => {
  expect(parametersIn('export default (x, y) => x')).toStrictEqual([
    ['x', undefined, undefined],
    ['y', undefined, undefined],
  ]);
  expect(parametersIn('export default')).toStrictEqual([]);
});
