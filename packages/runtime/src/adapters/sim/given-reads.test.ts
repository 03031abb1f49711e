// What user code was given of each read, and reads that it got an answer to although nobody was asked.
import { EMPTY_CLOCK, NO_DEPENDENCIES, registerOf } from '@stormglass/core';
import { expect, test } from 'vitest';
import { GivenReads, type OpenRead } from './given-reads.ts';
import type { SeenEntry } from './history.ts';
import { CALM_SCENARIO, type Scenario } from './scenario.ts';

const nameOf = ({ writer, counter }: { writer: string; counter?: number | undefined }): string =>
  `${writer} ${counter}`;

const capsule = registerOf({
  writer: 'w1.1',
  counter: 3,
  timestamp: 3,
  context: EMPTY_CLOCK,
  dependencies: NO_DEPENDENCIES,
  value: '"x"',
});

const readOf = (key = 'k', isTogether = false): OpenRead => ({
  kind: 'read',
  key,
  values: ['w1.1 3'],
  isPick: false,
  isTogether,
});

const call = 'w1/e1#i1.1.n';
const session = 'i1.1.n';

const seen = (
  values: SeenEntry['values'],
  keys: readonly string[] = ['k'],
  operation = 'get',
): SeenEntry => ({ kind: 'seen', atUs: 9, call, operation, keys, values });

test('a read is told what was given of it: a value, nothing, or all siblings', () => {
  const reads = new GivenReads(CALM_SCENARIO, nameOf);
  const several = [readOf('k'), readOf('l', true)];
  for (const read of several) reads.onAnswer(session, read);
  expect(reads.onSeen(seen(['"x"', undefined], ['k', 'l']))).toEqual([]);
  expect(several.map(({ given }) => given)).toEqual(['"x"', null]);
  const siblings = readOf();
  reads.onAnswer(session, siblings);
  expect(reads.onSeen(seen(['"x"', '"y"'], ['k'], 'siblings'))).toEqual([]);
  expect(siblings.given).toEqual(['"x"', '"y"']);
});

test('an argument that refers to a key is what was given of it', () => {
  const scenario: Scenario = {
    ...CALM_SCENARIO,
    functions: [{ name: 'f', parameters: ['plain', 'known'], *script() {} }],
    clients: [
      [
        {
          do: 'invoke',
          invocation: 'i1',
          dag: 'd',
          level: 'causal',
          arguments: new Map([
            [
              'n',
              new Map<string, { value: unknown } | { ref: string }>([
                ['plain', { value: 1 }],
                ['known', { ref: 'k' }],
              ]),
            ],
          ]),
        },
      ],
    ],
  };
  const reads = new GivenReads(scenario, nameOf);
  const read = readOf();
  reads.onAnswer(session, read);
  reads.onCalled({ kind: 'called', atUs: 9, call, function: 'f', values: ['1', '"x"'] });
  expect(read.given).toBe('"x"');
});

test('what a cache has answered is no read of its own; what nobody was asked for is one', () => {
  const reads = new GivenReads(CALM_SCENARIO, nameOf);
  reads.noteNames(capsule);
  reads.onAnswer(session, readOf());
  expect(reads.onSeen(seen(['"x"']))).toEqual([]);
  const [again] = reads.onSeen(seen(['"x"']));
  expect(again).toEqual([
    { atUs: 9, invocation: 'i1', attempt: 1, node: 'n' },
    { kind: 'read', atUs: 9, key: 'k', isPick: true, isTogether: false, values: ['w1.1 3'] },
  ]);
  expect(reads.onSeen(seen([undefined], ['other']))[0]?.[1]).toMatchObject({ values: [] });
  expect(reads.onSeen(seen(['4'], ['other']))[0]?.[1]).toMatchObject({ state: 4 });
});
