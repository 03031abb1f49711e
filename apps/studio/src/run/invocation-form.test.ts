import type { FunctionSummary } from '@stormglass/core';
import { expect, test } from 'vitest';
import {
  argumentFieldsOf,
  argumentsOf,
  fieldErrorsOf,
  readTyped,
  textsOfRun,
  typedHint,
  typedText,
} from './invocation-form.ts';

const fn = (name: string, parameters: string[], optional: string[] = []): FunctionSummary => ({
  name,
  version: 1,
  language: 'javascript',
  parameters,
  optional,
  usesCloud: false,
  timeoutMs: 1_000,
  memoryMb: 64,
});
const functions = new Map([
  ['increment', fn('increment', ['x'])],
  ['scale', fn('scale', ['x', 'by'], ['by'])],
]);
const dag = {
  nodes: [
    { id: 'inc', function: 'increment' },
    { id: 'sc', function: 'scale' },
  ],
  edges: [{ from: 'inc', to: 'sc', parameter: 'x' }],
};
const fields = argumentFieldsOf(dag, functions);

test('what a run was given comes back as what would be typed; what was cut short does not', () => {
  const nodes = new Map([
    ['inc', { arguments: { x: '"seattle"' } }],
    ['sc', { arguments: { x: '5', by: '[1, 2, 3…' } }],
  ]);
  expect(textsOfRun(fields, nodes)).toEqual(new Map([['inc-x', 'seattle']]));
});

test('one field for each parameter that no edge binds', () => {
  expect(fields).toEqual([
    { id: 'inc-x', node: 'inc', parameter: 'x', isRequired: true },
    { id: 'sc-by', node: 'sc', parameter: 'by', isRequired: false },
  ]);
});

test.each([
  ['', 'empty', ''],
  ['4', 'json', 'number'],
  ['"4"', 'json', 'string'],
  ['[1,2]', 'json', 'list'],
  ['null', 'json', 'null'],
  ['{"a":1}', 'json', 'object'],
  ['hello there', 'text', 'text'],
  ['{"$ref":"weather:csv"}', 'reference', 'key'],
  ['{"$ref":"a","b":1}', 'json', 'object'],
])('%j is %s', (text, is, hint) => {
  expect(readTyped(text).is).toBe(is);
  expect(typedHint(readTyped(text))).toBe(hint);
});

test.each(['Storm over the bay', '4', '', 'null', '{"$ref":"k"}', 4, null, ['a'], { $ref: 'k' }])(
  'the text for %j is read as the same value',
  (value) => {
    const typed = readTyped(typedText(value));
    expect(
      'value' in typed ? typed.value : typed.is === 'reference' && { $ref: typed.key },
    ).toEqual(value);
  },
);

test('what is typed becomes the arguments, empty optional fields are left out', () => {
  expect(argumentsOf(fields, new Map([['inc-x', '4']]))).toEqual({
    ok: true,
    arguments: { inc: { x: 4 } },
  });
  expect(
    argumentsOf(
      fields,
      new Map([
        ['inc-x', '{"$ref": "k"}'],
        ['sc-by', ' two words '],
      ]),
    ),
  ).toEqual({ ok: true, arguments: { inc: { x: { $ref: 'k' } }, sc: { by: ' two words ' } } });
});

test('an empty required field is named', () => {
  const answer = argumentsOf(fields, new Map());
  expect(answer.ok).toBe(false);
  expect(answer.ok ? undefined : [...answer.errors]).toEqual([['inc-x', 'x of inc is required.']]);
});

test('a refusal of the server stands at the field it is about', () => {
  const problem = { type: 'missing-argument', title: 't', status: 400, detail: 'x is missing' };
  expect([...fieldErrorsOf({ ...problem, node: 'inc', parameter: 'x' }, fields)]).toEqual([
    ['inc-x', 'x is missing'],
  ]);
  expect([...fieldErrorsOf({ ...problem, node: 'other', parameter: 'x' }, fields)]).toEqual([]);
  expect([
    ...fieldErrorsOf(
      { ...problem, errors: [{ field: '/arguments/sc/by', message: 'too large' }] },
      fields,
    ),
  ]).toEqual([['sc-by', 'too large']]);
});
