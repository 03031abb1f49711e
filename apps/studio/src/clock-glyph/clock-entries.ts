/**
 * Turns a version vector into what people read: short writer names, counts, and clock times for LWW
 * writes. Pure.
 */
import { LWW_WRITER, type Ordering, type VersionVector, type WriterId } from '@stormglass/core';

export interface ClockEntry {
  readonly writer: WriterId;
  /** The worker's name when it says enough within this version, else the whole writer id. */
  readonly label: string;
  readonly count: number;
  /** The count as text; an LWW entry's is the time of the write. */
  readonly countText: string;
  readonly isLww: boolean;
  /** Larger than in the version before it: what this write added. */
  readonly isNewest: boolean;
}

/** A hybrid timestamp is wall milliseconds × 4096 plus a logical part. */
const TICKS_PER_MS = 4_096;

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** `10:42:07.123` in this computer's time zone, with `+n` for the n-th write within one millisecond. */
export function hybridTimeText(timestamp: number): string {
  const time = new Date(Math.floor(timestamp / TICKS_PER_MS));
  const logical = timestamp % TICKS_PER_MS;
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  const seconds = `${twoDigits(time.getSeconds())}.${milliseconds}`;
  const clock = `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}:${seconds}`;
  return logical === 0 ? clock : `${clock}+${logical}`;
}

/**
 * The same without the hour and the logical part, for narrow places whose owner shows the rest on
 * hover.
 */
export const shortHybridTimeText = (timestamp: number): string =>
  hybridTimeText(timestamp).slice(3, 12);

/** A recorded sentence names versions as `{lww:7354125807329219,w1.2:6}`; says the time instead of the number. */
export const sentenceWithTimes = (sentence: string): string =>
  sentence.replaceAll(
    /\blww:(\d{13,16})\b/gu,
    (_, timestamp: string) => `last write ${hybridTimeText(Number(timestamp))}`,
  );

/** `w2.5-2` is lane 2 of incarnation 5 of worker `w2`. */
const workerOf = (writer: WriterId): string => /^[^.]+/u.exec(writer)?.[0] ?? writer;

const countOf = (version: VersionVector | undefined, writer: WriterId): number =>
  version !== undefined && Object.hasOwn(version, writer) ? (version[writer] ?? 0) : 0;

/** Made once: a clock may have a thousand writers, and most of the time it would be made again. */
const inCountingOrder = new Intl.Collator('en', { numeric: true });

/** LWW first, then writers in the order a person counts (`w2` before `w10`). Zeros are left out. */
export function clockEntriesOf(
  version: VersionVector,
  before?: VersionVector,
): readonly ClockEntry[] {
  const writers = Object.keys(version)
    .filter((writer) => countOf(version, writer) > 0)
    .toSorted(
      (a, b) =>
        Number(b === LWW_WRITER) - Number(a === LWW_WRITER) || inCountingOrder.compare(a, b),
    );
  const ofWorker = Map.groupBy(writers, workerOf);
  return writers.map((writer) => {
    const count = countOf(version, writer);
    const isLww = writer === LWW_WRITER;
    const worker = workerOf(writer);
    const isAlone = ofWorker.get(worker)?.length === 1;
    return {
      writer,
      label: isLww ? 'last write' : isAlone ? worker : writer,
      count,
      countText: isLww ? hybridTimeText(count) : String(count),
      isLww,
      isNewest: before !== undefined && count > countOf(before, writer),
    };
  });
}

/**
 * Where there is room for few: what was added first, then counts rather than the time of an older LWW
 * write, then the writers who wrote most; in the usual order.
 */
export function tellingEntries(entries: readonly ClockEntry[], max: number): readonly ClockEntry[] {
  if (entries.length <= max) return entries;
  const best = entries.toSorted(
    (a, b) =>
      Number(b.isNewest) - Number(a.isNewest) ||
      Number(a.isLww) - Number(b.isLww) ||
      b.count - a.count,
  );
  const kept = new Set(best.slice(0, max));
  return entries.filter((entry) => kept.has(entry));
}

/** Nobody listens to more than this. */
const WRITERS_SAID_MAX = 12;

/** What a screen reader says for the glyph. */
export function clockWords(version: VersionVector): string {
  const entries = clockEntriesOf(version);
  if (entries.length === 0) return 'absent, no version';
  const parts = entries
    .slice(0, WRITERS_SAID_MAX)
    .map((entry) =>
      entry.isLww ? `last written at ${entry.countText}` : `${entry.label} ${entry.countText}`,
    );
  const rest = entries.length - parts.length;
  return `version ${parts.join(', ')}${rest > 0 ? ` and ${rest} more writers` : ''}`;
}

export function compareVersions(a: VersionVector, b: VersionVector): Ordering {
  const writers = new Set([...Object.keys(a), ...Object.keys(b)]);
  let isBehind = false;
  let isAhead = false;
  for (const writer of writers) {
    const difference = countOf(a, writer) - countOf(b, writer);
    isBehind ||= difference < 0;
    isAhead ||= difference > 0;
  }
  if (isBehind) return isAhead ? 'concurrent' : 'before';
  return isAhead ? 'after' : 'same';
}

/** The four words of the studio, with their sign, for "a is … b". */
export const orderingWords: Readonly<
  Record<Ordering, { readonly sign: string; readonly words: string }>
> = {
  before: { sign: '≺', words: 'older' },
  same: { sign: '=', words: 'same' },
  after: { sign: '≻', words: 'newer' },
  concurrent: { sign: '∥', words: 'neither knows the other' },
};

/** `newer than required`, for "this version is …". */
export function comparisonWords(ordering: Ordering, referenceName: string): string {
  switch (ordering) {
    case 'before':
      return `older than ${referenceName}`;
    case 'same':
      return `same as ${referenceName}`;
    case 'after':
      return `newer than ${referenceName}`;
    case 'concurrent':
      return `this and ${referenceName}: neither knows the other`;
  }
}

export interface ClockDifference {
  readonly writer: WriterId;
  readonly count: string;
  readonly reference: string;
  /** `+2`, `−1`, `same`, or for times the distance in milliseconds. */
  readonly difference: string;
  readonly isDeciding: boolean;
}

/** One row per writer of either version. */
export function clockDifferencesOf(
  version: VersionVector,
  reference: VersionVector,
): readonly ClockDifference[] {
  const joined: Record<string, number> = Object.fromEntries(
    [...Object.keys(version), ...Object.keys(reference)].map((writer) => [writer, 1]),
  );
  return clockEntriesOf(joined).map(({ writer, isLww }) => {
    const own = countOf(version, writer);
    const other = countOf(reference, writer);
    const text = (count: number) => {
      if (count === 0) return '–';
      return isLww ? hybridTimeText(count) : String(count);
    };
    return {
      writer,
      count: text(own),
      reference: text(other),
      difference: isLww ? timeDifference(own, other) : countDifference(own - other),
      isDeciding: own !== other,
    };
  });
}

function countDifference(difference: number): string {
  if (difference === 0) return 'same';
  return difference > 0 ? `+${difference}` : `−${-difference}`;
}

function timeDifference(own: number, other: number): string {
  if (own === other) return 'same';
  if (other === 0) return 'only here';
  if (own === 0) return 'missing';
  const sign = own > other ? '+' : '−';
  const ms = Math.abs(own - other) / TICKS_PER_MS;
  return ms >= 1_000 ? `${sign}${(ms / 1_000).toFixed(1)} s` : `${sign}${Number(ms.toFixed(3))} ms`;
}
