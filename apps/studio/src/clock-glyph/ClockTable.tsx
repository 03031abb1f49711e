/** A version in full: each writer, its count, and where a reference is given, how far the two are apart. */
import type { VersionVector } from '@stormglass/core';
import {
  clockDifferencesOf,
  clockEntriesOf,
  compareVersions,
  comparisonWords,
  orderingWords,
} from './clock-entries.ts';
import styles from './ClockGlyph.module.css';

/** What fits into a tooltip; the writers that decide come first where there are more. */
const ROWS_MAX = 40;

interface ClockTableProps {
  readonly version: VersionVector;
  readonly reference?: VersionVector | undefined;
  readonly referenceName?: string | undefined;
}

export function ClockTable({ version, reference, referenceName = 'before' }: ClockTableProps) {
  if (reference === undefined) return <PlainTable version={version} />;
  const ordering = compareVersions(version, reference);
  const all = clockDifferencesOf(version, reference);
  const deciding = all.filter(({ isDeciding }) => isDeciding);
  const rows =
    all.length <= ROWS_MAX
      ? all
      : [...deciding, ...all.filter(({ isDeciding }) => !isDeciding)].slice(0, ROWS_MAX);
  return (
    <table className={styles['table']}>
      <caption>
        {orderingWords[ordering].sign} {comparisonWords(ordering, referenceName)}
      </caption>
      <thead>
        <tr>
          <th scope="col">writer</th>
          <th scope="col">version</th>
          <th scope="col">{referenceName}</th>
          <th scope="col">difference</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.writer} data-deciding={row.isDeciding || undefined}>
            <th scope="row">{row.writer}</th>
            <td>{row.count}</td>
            <td>{row.reference}</td>
            <td>{row.difference}</td>
          </tr>
        ))}
        {rows.length === 0 && (
          <tr>
            <td colSpan={4}>absent in both</td>
          </tr>
        )}
        <MoreWriters count={all.length - rows.length} columns={4} />
      </tbody>
    </table>
  );
}

function PlainTable({ version }: { readonly version: VersionVector }) {
  const entries = clockEntriesOf(version);
  if (entries.length === 0)
    return <p className={styles['absent']}>The key is absent: no version.</p>;
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">writer</th>
          <th scope="col">count</th>
        </tr>
      </thead>
      <tbody>
        {entries.slice(0, ROWS_MAX).map((entry) => (
          <tr key={entry.writer}>
            <th scope="row">{entry.isLww ? 'last write (lww)' : entry.writer}</th>
            <td>{entry.countText}</td>
          </tr>
        ))}
        <MoreWriters count={entries.length - ROWS_MAX} columns={2} />
      </tbody>
    </table>
  );
}

function MoreWriters({ count, columns }: { readonly count: number; readonly columns: number }) {
  if (count <= 0) return null;
  return (
    <tr>
      <td colSpan={columns}>and {count} more writers</td>
    </tr>
  );
}
