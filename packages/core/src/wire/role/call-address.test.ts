import { expect, test } from 'vitest';
import { callAddress, parseCallAddress } from './call-address.ts';

test('a call address leads back to its call', () => {
  const place = { executor: 'w1/e2', invocation: 'imibq6y9p3', attempt: 12, node: 'by-month' };
  expect(parseCallAddress(callAddress(place))).toEqual(place);
});

test.each(['', 'w1/e1', '#i.1.n', 'w1/e1#i.x.n', 'w1/e1#i.1.'])('%j is none', (text) => {
  expect(parseCallAddress(text)).toBeUndefined();
});
