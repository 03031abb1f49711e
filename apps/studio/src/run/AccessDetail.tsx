/** Everything recorded about one read or write: what came back, why, and the version in full. */
import type { VersionVector } from '@stormglass/core';
import { sentenceWithTimes } from '../clock-glyph/clock-entries.ts';
import { ClockTable } from '../clock-glyph/ClockTable.tsx';
import type { Access } from './access-chips.ts';
import { bytesText, countText, durationText } from './format-amount.ts';
import { Mark } from './marks/Mark.tsx';
import {
  markOfRead,
  markOfWrite,
  operationWord,
  outcomeWord,
  sourceWords,
} from './read-outcome.ts';
import styles from './AccessChip.module.css';

interface AccessDetailProps {
  readonly access: Access;
  readonly before: VersionVector | undefined;
  readonly isUncommitted: boolean;
}

export function AccessDetail({ access, before, isUncommitted }: AccessDetailProps) {
  const isRead = access.kind === 'cache.read';
  const reference = isRead ? (access.required ?? access.found ?? before) : before;
  const referenceName = referenceNameOf(access);
  return (
    <div className={styles['detail']}>
      <p className={styles['title']}>
        <Mark kind={isRead ? markOfRead(access) : markOfWrite(access, isUncommitted)} />
        <span className={styles['fullKey']}>{access.key}</span>
        <span className={styles['rule']}>{isRead ? access.rule : access.operation}</span>
      </p>
      {isRead ? (
        <>
          <p>
            {outcomeWord(access)} {sourceWords(access)} · {durationText(access.durationUs)} ·{' '}
            {bytesText(access.bytes)}
            {access.siblings > 1 && ` · ${countText(access.siblings, 'concurrent value')}`}
          </p>
          <p className={styles['because']}>{sentenceWithTimes(access.because)}</p>
        </>
      ) : (
        <p>
          {operationWord[access.operation]} by {access.executor ?? access.worker} ·{' '}
          {bytesText(access.bytes)}
          {dependencyText(access)}
          {isUncommitted && ' · not committed: the run did not succeed'}
        </p>
      )}
      <ClockTable version={access.version} reference={reference} referenceName={referenceName} />
    </div>
  );
}

function referenceNameOf(access: Access): string {
  if (access.kind === 'cache.write') return 'before';
  if (access.required !== undefined) return 'required';
  return access.found === undefined ? 'before' : 'found here';
}

function dependencyText(write: Extract<Access, { kind: 'cache.write' }>): string {
  const count = write.dependencyCount ?? Object.keys(write.dependencies).length;
  return count === 0 ? '' : ` · depends on ${countText(count, 'key')}`;
}
