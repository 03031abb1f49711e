/** `w1·3 w2·1`: at most four writers, the newest underlined. Decorative: its owner says the words. */
import type { VersionVector } from '@stormglass/core';
import { clockEntriesOf, shortHybridTimeText, tellingEntries } from './clock-entries.ts';
import type { ClockEntry } from './clock-entries.ts';
import styles from './ClockGlyph.module.css';

const WRITERS_INLINE_MAX = 4;
/** A worker that was replaced has a long name in each version: room for one, and the key beside it. */
const shortMax = (entries: readonly ClockEntry[]): number =>
  entries.some(({ label }) => label.includes('.')) ? 1 : 2;

interface ClockInlineProps {
  readonly version: VersionVector;
  readonly before?: VersionVector | undefined;
  /** For narrow places: two writers, times without the hour. */
  readonly isShort?: boolean | undefined;
}

export function ClockInline({ version, before, isShort = false }: ClockInlineProps) {
  const entries = clockEntriesOf(version, before);
  if (entries.length === 0) {
    return (
      <span aria-hidden className={styles['inline']}>
        absent
      </span>
    );
  }
  const shown = tellingEntries(entries, isShort ? shortMax(entries) : WRITERS_INLINE_MAX);
  const rest = entries.length - shown.length;
  return (
    <span aria-hidden className={styles['inline']}>
      {shown.map((entry) => (
        <span
          key={entry.writer}
          className={styles['entry']}
          data-newest={entry.isNewest || undefined}
        >
          {entry.isLww ? (
            <span className={styles['time']}>
              {isShort ? shortHybridTimeText(entry.count) : entry.countText}
            </span>
          ) : (
            <>
              <span className={styles['writer']}>{entry.label}</span>
              <span className={styles['dot']}>·</span>
              <span className={styles['count']}>{entry.countText}</span>
            </>
          )}
        </span>
      ))}
      {rest > 0 && <span className={styles['rest']}>+{rest}</span>}
    </span>
  );
}
