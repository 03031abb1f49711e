import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MailOrder, type NumberedMail } from './mail-order.ts';

const everythingFrom = (order: MailOrder<NumberedMail>, come: readonly NumberedMail[]): number[] =>
  come.flatMap((mail) => {
    if (!order.isDone(mail.sequence)) order.add(mail);
    const next: number[] = [];
    for (let taken = order.next(); taken !== undefined; taken = order.next()) {
      next.push(taken.sequence);
    }
    return next;
  });

const mail = (sequence: number, settled = 0): NumberedMail => ({ sequence, settled });

test('[EXEC3] repeated and in any order, messages are taken once and in theirs', () => {
  const coming = fc.integer({ min: 1, max: 8 }).chain((count) =>
    fc
      .array(fc.integer({ min: 1, max: count }), { maxLength: 20 })
      .map((repeated) => [...Array.from({ length: count }, (_, index) => index + 1), ...repeated])
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(coming, (sequences) => {
      const order = new MailOrder<NumberedMail>();
      const taken = everythingFrom(
        order,
        sequences.map((sequence) => mail(sequence)),
      );
      expect(taken).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
      expect(order.early).toBe(0);
    }),
  );
});

test('[EXEC3] what the sender does not wait for any more is not waited for, and not taken later', () => {
  const order = new MailOrder<NumberedMail>();
  expect(everythingFrom(order, [mail(3), mail(4)])).toEqual([]);
  expect(everythingFrom(order, [mail(5, 3)])).toEqual([4, 5]);
  expect(everythingFrom(order, [mail(1), mail(2), mail(3), mail(6, 3)])).toEqual([6]);
  expect(order.early).toBe(0);
});
