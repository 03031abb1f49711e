/**
 * The writes of a key as they went to storage, joined in any order: what replicas that hear of them
 * in different orders hold.
 */
import {
  assert,
  formatClock,
  isMismatch,
  joinCapsules,
  siblingsOf,
  versionOf,
  type Capsule,
  type Key,
} from '@stormglass/core';
import type { Outcome } from './outcome.ts';

/** The capsules of the key that runs handed to storage, as they were sent. */
export const committedTo = (outcome: Outcome, key: Key): readonly Capsule[] => {
  const found = outcome
    .messages(({ message }) => message.type === 'storage.commit')
    .flatMap(({ message }) => (message.type === 'storage.commit' ? message.writes : []))
    .flatMap(([written, capsule]) => (written === key ? [capsule] : []));
  assert(found.length === 3, `Three writes of ${key} were sent, not ${found.length}`);
  return found;
};

export const orders = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  all.length < 2
    ? [all]
    : all.flatMap((first, index) =>
        orders(all.toSpliced(index, 1)).map((others) => [first, ...others]),
      );

/** What a replica that gets them in this order holds, and under which clock. */
export const joinInOrder = (capsules: readonly Capsule[]): string => {
  const held = capsules.reduce((joined, next) => {
    const both = joinCapsules(joined, next);
    assert(!isMismatch(both), 'registers join');
    return both;
  });
  return JSON.stringify([siblingsOf(held), formatClock(versionOf(held))]);
};
