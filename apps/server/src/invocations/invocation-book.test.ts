// What the server remembers of its invocations.
import { expect, test } from 'vitest';
import type { InvocationOutcome, InvokeRequest } from '../cluster-port.ts';
import { InvocationBook } from './invocation-book.ts';

const KEPT = 10_000;

const succeeded: InvocationOutcome = {
  ok: true,
  results: new Map([['add', '2']]),
  attempts: 1,
  durationUs: 1,
  sessionToken: '',
};

function makeBook(invoke: (request: InvokeRequest) => Promise<InvocationOutcome>) {
  const forgotten: string[] = [];
  const book = new InvocationBook({
    cluster: { invoke },
    nowMs: () => 1,
    random: () => Math.random(),
    onBug: (error) => {
      throw error;
    },
    onSettled: () => undefined,
    onForgotten: (id) => forgotten.push(id),
  });
  const start = () =>
    book.start({ kind: 'function', name: 'add' }, new Map(), { consistency: 'lww', trace: false });
  return { book, start, forgotten };
}

test('a long one that many others overtook is known when it has ended, and those that ended first are not', async () => {
  const end = Promise.withResolvers<InvocationOutcome>();
  let started = 0;
  const { book, start, forgotten } = makeBook(async () => {
    started += 1;
    return started === 1 ? end.promise : succeeded;
  });
  const long = start();
  const others = Array.from({ length: KEPT + 1 }, start);
  await Promise.all(others.map(({ settled }) => settled));
  end.resolve(succeeded);
  await long.settled;
  expect(book.find(long.record.id)).toMatchObject({ outcome: succeeded });
  expect(forgotten).toEqual(others.slice(0, 2).map(({ record }) => record.id));
  expect(forgotten.map(book.find)).toEqual([undefined, undefined]);
});
