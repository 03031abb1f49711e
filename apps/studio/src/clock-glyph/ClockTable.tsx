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

interface ClockTableProps {
  readonly version: VersionVector;
  readonly reference?: VersionVector | undefined;
  readonly referenceName?: string | undefined;
}

export function ClockTable({ version, reference, referenceName = 'before' }: ClockTableProps) {
  if (reference === undefined) return <PlainTable version={version} />;
  const ordering = compareVersions(version, reference);
  const rows = clockDifferencesOf(version, reference);
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
        {entries.map((entry) => (
          <tr key={entry.writer}>
            <th scope="row">{entry.isLww ? 'last write (lww)' : entry.writer}</th>
            <td>{entry.countText}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
