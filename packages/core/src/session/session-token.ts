/**
 * The session token: what a client hands back to continue an earlier session (protocols.md decision
 * 4). Text: base64url of the UTF-8 JSON `[2, [writer, ...], past, seen]`; `past` and `seen` are
 * lists of `[key, writer index, count, writer index, count, ...]`, where `seen` leaves out the counts
 * that are those of `past`. Writers and keys are sorted, so equal sessions have equal tokens.
 */
import * as z from 'zod';
import { type Dependencies, joinDependencies, NO_DEPENDENCIES } from '../causality/dependencies.ts';
import {
  clockOf,
  clocksEqual,
  countOf,
  EMPTY_CLOCK,
  type VectorClock,
} from '../clock/vector-clock.ts';
import { type Key, KEY_LENGTH_MAX, type WriterId } from '../ids.ts';
import { compareTexts } from '../text-order.ts';
import { fromBase64Url, toBase64Url } from './base64-url.ts';
import type { Session } from './session.ts';
import { seenByKey } from './session-steps.ts';

export interface SessionToken {
  /** Everything that the session knows of. */
  readonly past: Dependencies;
  /** What it has read or written itself. */
  readonly seen: Dependencies;
}

/**
 * Characters, about what a session has that has met a hundred thousand keys. A longer token is
 * refused unread.
 */
export const SESSION_TOKEN_LENGTH_MAX = 8_000_000;

const TOKEN_FORMAT = 2;

/**
 * The token of everything that the session has seen. Its bounds belong in it: the next session may
 * begin at a cache that does not hold the closed cut in which the dependencies of this one's reads
 * were found (2.8).
 */
export function encodeSessionToken(session: Session): string {
  // At single-key-causal a session that has only read has nothing but its reads.
  const hasSeenNothing =
    session.past.size === 0 && session.bounds.size === 0 && session.reads.size === 0;
  if (hasSeenNothing) return EMPTY_TOKEN;
  const bounds = new Map([...session.bounds].map(([key, bound]) => [key, bound.clock]));
  const seen = seenByKey(session);
  const past = joinDependencies(joinDependencies(session.past, bounds), seen);
  const names = new Set<WriterId>();
  for (const clock of past.values()) for (const writer of clock.keys()) names.add(writer);
  const writers = [...names].toSorted(compareTexts);
  const indexOf = new Map<WriterId, number>();
  for (const [index, writer] of writers.entries()) indexOf.set(writer, index);
  const entriesOf = (clocks: Dependencies, known: Dependencies): readonly unknown[] =>
    [...clocks.keys()].toSorted(compareTexts).flatMap((key) => {
      const clock = clocks.get(key) ?? EMPTY_CLOCK;
      if (clock.size === 0) return [];
      const isKnown = clocksEqual(clock, known.get(key) ?? EMPTY_CLOCK);
      return [isKnown ? [key] : [key, ...indexedCounts(clock, indexOf)]];
    });
  const entries = [entriesOf(past, NO_DEPENDENCIES), entriesOf(seen, past)];
  return toBase64Url(JSON.stringify([TOKEN_FORMAT, writers, ...entries]));
}

/** Of a session that saw nothing, which is most of them at `lww`. */
const EMPTY_TOKEN = toBase64Url(JSON.stringify([TOKEN_FORMAT, [], [], []]));

function indexedCounts(
  clock: VectorClock,
  indexOf: ReadonlyMap<WriterId, number>,
): readonly number[] {
  const counts: number[] = [];
  for (const writer of [...clock.keys()].toSorted(compareTexts)) {
    counts.push(indexOf.get(writer) ?? 0, countOf(clock, writer));
  }
  return counts;
}

const natural = z.number().int().min(0);
/** Key, then writer index and count in turns. */
const clockTexts = z.array(z.tuple([z.string().min(1).max(KEY_LENGTH_MAX)], natural));
const tokenText = z.tuple([
  z.literal(TOKEN_FORMAT),
  z.array(z.string().min(1)),
  clockTexts,
  clockTexts,
]);

/** `undefined` for everything that {@link encodeSessionToken} cannot have made. */
export function decodeSessionToken(text: string): SessionToken | undefined {
  if (text.length > SESSION_TOKEN_LENGTH_MAX) return undefined;
  const json = fromBase64Url(text);
  const parsed = tokenText.safeParse(json === undefined ? undefined : parseJson(json));
  if (!parsed.success) return undefined;
  const [, writers, pastTexts, seenTexts] = parsed.data;
  const past = clocksFrom(writers, pastTexts, NO_DEPENDENCIES);
  const seen = past && clocksFrom(writers, seenTexts, past);
  return past === undefined || seen === undefined ? undefined : { past, seen };
}

/** @param known the clock of a key that comes without one */
function clocksFrom(
  writers: readonly WriterId[],
  texts: z.infer<typeof clockTexts>,
  known: Dependencies,
): Dependencies | undefined {
  const clocks = new Map<Key, VectorClock>();
  for (const [key, ...counts] of texts) {
    const clock = counts.length === 0 ? known.get(key) : clockFrom(writers, counts);
    if (clock === undefined || clocks.has(key)) return undefined;
    clocks.set(key, clock);
  }
  return clocks;
}

function clockFrom(writers: readonly WriterId[], counts: readonly number[]) {
  if (counts.length % 2 !== 0) return undefined;
  const entries: [WriterId, number][] = [];
  for (let at = 0; at < counts.length; at += 2) {
    const writer = writers[counts[at] ?? -1];
    const count = counts[at + 1] ?? 0;
    if (writer === undefined || count === 0) return undefined;
    entries.push([writer, count]);
  }
  return clockOf(entries);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
