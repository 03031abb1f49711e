/**
 * What user code was given, against what was found for it: the value, not only the version. A plain
 * get gives one of the values that stand side by side, the session's own first; a get of siblings
 * gives each of them; nothing is given exactly where nothing but deletes stand.
 */
import { givenOfMerged } from './given-of-merged.ts';
import type { ReadOperation } from './history.ts';
import { isBefore, NO_ATTEMPT, type IndexedHistory, type Op } from './indexed-history.ts';
import { isDelete, isLaterStamp } from './replacement.ts';
import { say, violation, type Violation } from './violation.ts';

export function checkGiven(indexed: IndexedHistory): readonly Violation[] {
  const found: Violation[] = [];
  for (const read of indexed.operations) {
    const { operation } = read;
    if (operation.kind === 'write' || operation.given === undefined || read.isOut) continue;
    const shown = wrongGiven(indexed, read, operation);
    if (shown !== undefined) found.push(shown);
  }
  return found;
}

type Given = NonNullable<ReadOperation['given']> | null;

function wrongGiven(
  indexed: IndexedHistory,
  read: Op,
  operation: ReadOperation,
): Violation | undefined {
  const given = operation.given ?? null;
  if (operation.values === undefined) return givenOfMerged(indexed, read, given);
  if (operation.isPick) return fromNobody(indexed, read, given);
  const shown = read.sources.flatMap((id) => indexed.operations[id] ?? []);
  if (typeof given !== 'string' && given !== null) {
    const all = shown.filter((one) => !isDelete(one)).map(textOf);
    if (isSameList(all, given)) return undefined;
    return wrong(indexed, read, given, `all of ${told(all)}`);
  }
  const allowed = allowedOf(indexed, read, shown).map(textOf);
  if (given === null ? allowed.length === 0 : allowed.includes(given)) return undefined;
  return wrong(indexed, read, given, allowed.length === 0 ? 'nothing' : told(allowed));
}

/** The writes of which a plain get may give the value: one where their order is known. */
function allowedOf(indexed: IndexedHistory, read: Op, shown: readonly Op[]): readonly Op[] {
  const own = shown.filter((one) => isOwn(indexed, one, read));
  const there = (own.length > 0 ? own : shown).filter((one) => !isDelete(one));
  const [first] = there;
  if (first === undefined || there.length === 1) return there;
  let best = first;
  for (const one of there) {
    const [rank, bestRank] = [rankOf(one), rankOf(best)];
    if (rank === undefined || bestRank === undefined) return there;
    if (isLaterStamp(rank, bestRank)) best = one;
  }
  return [best];
}

/** Its attempt wrote it before, in the same function or in one behind which it stands. */
const isOwn = (indexed: IndexedHistory, write: Op, read: Op): boolean =>
  read.attempt !== NO_ATTEMPT && write.attempt === read.attempt && isBefore(indexed, write, read);

const rankOf = ({ operation }: Op) => (operation.kind === 'write' ? operation.rank : undefined);

/** What a write makes a get give. */
const textOf = ({ operation }: Op): string =>
  operation.kind === 'write' ? (operation.text ?? operation.value) : '';

function isSameList(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  const sorted = others.toSorted();
  return some.toSorted().every((one, index) => one === sorted[index]);
}

const told = (texts: readonly string[]): string => texts.join(' | ') || 'no siblings';

const toldGiven = (given: Given): string =>
  given === null ? 'nothing' : typeof given === 'string' ? given : told(given);

function wrong(indexed: IndexedHistory, read: Op, given: Given, rather: string): Violation {
  const sentence = `${say(read)} and was given ${toldGiven(given)}, where it is ${rather}`;
  return fromNobody(indexed, read, given) ?? violation('wrong-value', sentence, [read]);
}

/** A value that nobody wrote to this key, or only attempts that never took effect. */
function fromNobody(indexed: IndexedHistory, read: Op, given: Given): Violation | undefined {
  for (const text of given === null ? [] : typeof given === 'string' ? [given] : given) {
    const writers = (indexed.writesOfKey.get(read.key) ?? []).filter((one) => textOf(one) === text);
    if (writers.length === 0) {
      const sentence = `${say(read)} and was given ${text}, which nobody wrote to ${read.key}`;
      return violation('thin-air', sentence, [read]);
    }
    const [first] = writers;
    if (first === undefined || writers.some((one) => mayBeSeen(one, read))) continue;
    const sentence = `${say(read)} and was given ${text}, which never took effect: ${say(first)}`;
    return violation('dirty-read', sentence, [first, read]);
  }
  return undefined;
}

const mayBeSeen = (write: Op, read: Op): boolean =>
  write.status !== 'failed' || (read.attempt !== NO_ATTEMPT && write.attempt === read.attempt);
