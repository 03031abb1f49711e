/** `w1·3 w2·1`: at most four writers, the newest underlined. Decorative: its owner says the words. */
import type { VersionVector } from '@stormglass/core';
import { clockEntriesOf, shortHybridTimeText } from './clock-entries.ts';
import styles from './ClockGlyph.module.css';

const WRITERS_INLINE_MAX = 4;
const WRITERS_SHORT_MAX = 2;

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
  // Where there is room for two, the counts say more than the time of an older LWW write.
  const ordered = isShort ? entries.toSorted((a, b) => Number(a.isLww) - Number(b.isLww)) : entries;
  const shownMax = isShort ? WRITERS_SHORT_MAX : WRITERS_INLINE_MAX;
  const rest = entries.length - shownMax;
  return (
    <span aria-hidden className={styles['inline']}>
      {ordered.slice(0, shownMax).map((entry) => (
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
