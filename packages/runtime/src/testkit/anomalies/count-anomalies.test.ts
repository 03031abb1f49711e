// Each kind of anomaly in the smallest run that has it, and beside it the run that must pass.
import type { VersionVector } from '@stormglass/core';
import { describe, expect, test } from 'vitest';
import { anomalyKinds, countAnomalies, type AnomalyKind, type Behind } from './count-anomalies.ts';
import type { RecordedMerge, RecordedRead, RecordedRun } from './recorded-run.ts';

interface Told {
  /** The executions in the order in which they commit; each writes its key with its name. */
  readonly name: string;
  readonly writes: string;
  /** `node@cache key=value`, absent without `=value`, in the order in which they were served. */
  readonly reads: readonly string[];
}

const chain = [
  { from: 'f', to: 'g', parameter: 'first' },
  { from: 'g', to: 'h', parameter: 'first' },
];

/** A run under last-writer-wins in which the write that commits last is the newest. */
function lwwRun(told: readonly Told[], edges = chain): RecordedRun {
  const stampOf = (value: string): number => 1 + told.findIndex(({ name }) => name === value);
  const versionOf = (value: string | undefined): VersionVector =>
    value === undefined ? {} : { lww: stampOf(value) };
  const executions = told.map(({ name, writes, reads }) => ({
    plan: {
      invocation: name,
      dag: { name: 'dag', nodes: ['f', 'g', 'h'].map((id) => ({ id, function: 'step' })), edges },
      references: new Map(),
      writes,
      value: name,
    },
    reads: reads.map((text): RecordedRead => {
      const [place = '', what = ''] = text.split(' ');
      const [node = '', cache = ''] = place.split('@');
      const [key = '', value] = what.split('=');
      return { node, cache, key, version: versionOf(value), value };
    }),
    written: versionOf(name),
    durationUs: 1,
    attempts: 1,
  }));
  const merges = told.map(({ name, writes }, index): RecordedMerge => {
    const before = told.slice(0, index).findLast((other) => other.writes === writes);
    const [held, after] = [versionOf(before?.name), versionOf(name)];
    return { invocation: name, key: writes, before: held, after, isNewest: true };
  });
  return { executions, merges, failed: 0 };
}

function kindsOf(run: RecordedRun, name: string, behind: Behind = 'older'): AnomalyKind[] {
  const found = countAnomalies(run, behind);
  return anomalyKinds.filter((kind) => found.get(kind)?.has(name) === true);
}

/** l is overwritten, and then k, by executions that have read the newer l. */
const aclThenPhoto: readonly Told[] = [
  { name: 'l1', writes: 'l', reads: ['f@c9 l'] },
  { name: 'l2', writes: 'l', reads: ['f@c9 l=l1'] },
  { name: 'k1', writes: 'k', reads: ['f@c9 l=l2', 'g@c9 k'] },
];

const reader = (...reads: readonly string[]): RecordedRun =>
  lwwRun([...aclThenPhoto, { name: 'reader', writes: 'x', reads: ['f@c8 x', ...reads] }]);

describe('single-key', () => {
  test('a commit that replaces what it has read loses nothing', () => {
    expect(kindsOf(lwwRun(aclThenPhoto), 'l2')).toEqual([]);
  });

  test('a commit that replaces what it has not read loses it', () => {
    const run = lwwRun([
      { name: 'l1', writes: 'l', reads: ['f@c1 l'] },
      { name: 'l2', writes: 'l', reads: ['f@c2 l'] },
    ]);
    expect(kindsOf(run, 'l2')).toEqual(['single-key']);
  });

  test('a commit that is older than what it meets is lost itself', () => {
    const run = lwwRun([
      { name: 'l1', writes: 'l', reads: ['f@c1 l'] },
      { name: 'l2', writes: 'l', reads: ['f@c2 l'] },
    ]);
    const [first, second] = run.merges;
    if (first === undefined || second === undefined) throw new Error('two merges');
    const late = { ...second, after: second.before, isNewest: false };
    expect(kindsOf({ ...run, merges: [first, late] }, 'l2')).toEqual(['single-key']);
  });

  test('siblings that are both kept are no loss; a join that drops one is', () => {
    const run = lwwRun([
      { name: 'l1', writes: 'l', reads: ['f@c1 l'] },
      { name: 'l2', writes: 'l', reads: ['f@c2 l'] },
    ]);
    const executions = run.executions.map((execution, index) => ({
      ...execution,
      written: { [`w${index}`]: 1 },
    }));
    const merges = (after: VersionVector): readonly RecordedMerge[] => [
      { invocation: 'l1', key: 'l', before: {}, after: { w0: 1 }, isNewest: true },
      { invocation: 'l2', key: 'l', before: { w0: 1 }, after, isNewest: true },
    ];
    const kept = { executions, merges: merges({ w0: 1, w1: 1 }), failed: 0 };
    const dropped = { executions, merges: merges({ w1: 1 }), failed: 0 };
    expect(kindsOf(kept, 'l2')).toEqual([]);
    expect(kindsOf(dropped, 'l2')).toEqual(['single-key']);
  });
});

describe('behind a requirement', () => {
  test('in one cache', () => {
    expect(kindsOf(reader('f@c1 k=k1', 'g@c1 l=l1'), 'reader')).toEqual([
      'one-cache',
      'session',
      'read-set',
    ]);
    expect(kindsOf(reader('f@c1 k=k1', 'g@c1 l=l2'), 'reader')).toEqual([]);
  });

  test('over two caches: one cache alone has done nothing wrong', () => {
    expect(kindsOf(reader('f@c1 k=k1', 'g@c2 l=l1'), 'reader')).toEqual(['session', 'read-set']);
    expect(kindsOf(reader('f@c1 k=k1', 'g@c2 l=l2'), 'reader')).toEqual([]);
  });

  test('backwards: the older version came first, and only the set is wrong', () => {
    expect(kindsOf(reader('f@c1 l=l1', 'g@c2 k=k1'), 'reader')).toEqual(['read-set']);
  });

  test('absent is behind every write', () => {
    expect(kindsOf(reader('f@c1 k=k1', 'g@c2 l'), 'reader')).toEqual(['session', 'read-set']);
  });

  test('through a key that is never read', () => {
    const run = lwwRun([
      { name: 'x1', writes: 'x', reads: ['f@c9 x'] },
      { name: 'y1', writes: 'y', reads: ['f@c9 x=x1', 'g@c9 y'] },
      { name: 'z1', writes: 'z', reads: ['f@c9 y=y1', 'g@c9 z'] },
      { name: 'reader', writes: 'r', reads: ['f@c1 r', 'f@c1 z=z1', 'g@c2 x'] },
    ]);
    expect(kindsOf(run, 'reader')).toEqual(['session', 'read-set']);
  });

  test('branches that do not wait for each other bind only the set', () => {
    const meet = [
      { from: 'f', to: 'h', parameter: 'first' },
      { from: 'g', to: 'h', parameter: 'third' },
    ];
    const read = { name: 'reader', writes: 'x', reads: ['f@c8 x', 'f@c1 k=k1', 'g@c2 l=l1'] };
    expect(kindsOf(lwwRun([...aclThenPhoto, read], meet), 'reader')).toEqual(['read-set']);
  });

  test('a concurrent version is behind in the strict form only', () => {
    const run = lwwRun([
      { name: 'l1', writes: 'l', reads: ['f@c9 l'] },
      { name: 'k1', writes: 'k', reads: ['f@c9 l=l1', 'g@c9 k'] },
      { name: 'l2', writes: 'l', reads: ['f@c7 l'] },
      { name: 'reader', writes: 'x', reads: ['f@c8 x', 'f@c1 k=k1', 'g@c2 l=l2'] },
    ]);
    expect(kindsOf(run, 'reader', 'older')).toEqual([]);
    expect(kindsOf(run, 'reader', 'strict')).toEqual(['session', 'read-set']);
  });
});

describe('repeatable-read', () => {
  test('two versions of one key, absence included', () => {
    expect(kindsOf(reader('f@c1 l=l1', 'g@c2 l=l2'), 'reader')).toEqual(['repeatable-read']);
    expect(kindsOf(reader('f@c1 l', 'g@c2 l=l1'), 'reader')).toEqual(['repeatable-read']);
    expect(kindsOf(reader('f@c1 l=l1', 'g@c2 l=l1'), 'reader')).toEqual([]);
  });

  test('going backwards is behind as well', () => {
    expect(kindsOf(reader('f@c1 l=l2', 'g@c2 l=l1'), 'reader')).toEqual([
      'session',
      'repeatable-read',
    ]);
  });
});
