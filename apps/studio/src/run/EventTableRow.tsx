/** One event in the table. Arrow keys go from row to row, Enter selects. */
import type { EventRecord } from '@stormglass/core';
import type { KeyboardEvent } from 'react';
import { memo } from 'react';
import { ClockInline } from '../clock-glyph/ClockInline.tsx';
import { clockWords } from '../clock-glyph/clock-entries.ts';
import { eventRowOf } from './event-row.ts';
import { durationText } from './format-amount.ts';
import { Mark } from './marks/Mark.tsx';
import { StateMark } from './marks/StateMark.tsx';
import styles from './EventsPanel.module.css';

interface EventTableRowProps {
  readonly record: EventRecord;
  readonly rowIndex: number;
  readonly afterUs: number;
  readonly isSelected: boolean;
  readonly isUncommitted: boolean;
  readonly isTabStop: boolean;
  readonly onSelect: (record: EventRecord) => void;
}

function EventTableRowView(props: EventTableRowProps) {
  const { record, rowIndex, afterUs, isSelected, isUncommitted, isTabStop, onSelect } = props;
  const row = eventRowOf(record, isUncommitted);
  return (
    <tr
      aria-rowindex={rowIndex}
      aria-current={isSelected || undefined}
      tabIndex={isTabStop ? 0 : -1}
      className={styles['row']}
      data-testid="events-row"
      data-kind={record.kind}
      data-seq={record.seq}
      onClick={() => {
        onSelect(record);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          onSelect(record);
        } else {
          moveFocus(event);
        }
      }}
    >
      <td className={styles['number']}>{record.seq}</td>
      <td className={styles['number']}>{durationText(afterUs)}</td>
      <td className={styles['node']}>{row.node}</td>
      <td className={styles['sentence']} title={row.sentence}>
        <span className={styles['shape']}>
          {row.mark !== undefined && <Mark kind={row.mark} />}
          {row.state !== undefined && <StateMark status={row.state} size={12} />}
        </span>
        {row.sentence}
      </td>
      <td className={styles['key']} title={row.key}>
        {row.key}
      </td>
      <td title={row.version && clockWords(row.version)}>
        {row.version !== undefined && (
          <>
            <ClockInline version={row.version} before={row.before} />
            <span className="visually-hidden">{clockWords(row.version)}</span>
          </>
        )}
      </td>
    </tr>
  );
}

export const EventTableRow = memo(EventTableRowView);

function moveFocus(event: KeyboardEvent<HTMLTableRowElement>): void {
  const row = event.currentTarget;
  const next =
    event.key === 'ArrowDown'
      ? row.nextElementSibling
      : event.key === 'ArrowUp'
        ? row.previousElementSibling
        : null;
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
