/** Every read and write of the node in order; choosing a read explains it. */
import type { NodeId } from '@stormglass/core';
import { useState } from 'react';
import { Button } from '../design/primitives/Button.tsx';
import { ClockGlyph } from '../clock-glyph/ClockGlyph.tsx';
import { versionBefore, type Access } from '../run/access-chips.ts';
import { omittedWords } from '../run/event-row.ts';
import { bytesText, countText, durationText } from '../run/format-amount.ts';
import { Mark } from '../run/marks/Mark.tsx';
import type { NodeRun } from '../run/node-run.ts';
import {
  markOfRead,
  markOfWrite,
  operationWord,
  outcomeWord,
  sourceWords,
} from '../run/read-outcome.ts';
import { useRun } from '../run/run-store.ts';
import { explainAccess } from './inspector-tab-store.ts';
import { KeyValue } from './KeyValue.tsx';
import { NoRunYet } from './NoRunYet.tsx';
import styles from './Inspector.module.css';

interface ReadsTabProps {
  readonly node: NodeId;
  readonly run: NodeRun | undefined;
}

/** More would make the panel slow; the events table has them all. */
const ROWS_MAX = 200;

export function ReadsTab({ node, run }: ReadsTabProps) {
  const selectedSeq = useRun((state) => state.selectedSeq);
  if (run === undefined) return <NoRunYet what="reads and writes" />;
  const accesses: readonly Access[] = [...run.reads, ...run.writes].toSorted(
    (a, b) => a.seq - b.seq,
  );
  if (accesses.length === 0) {
    return (
      <p className={styles['empty']}>
        {node} touched no keys. Caches matter once a function calls <code>cloud.get</code>.
      </p>
    );
  }
  return (
    <div className={styles['tab']}>
      <ol className={styles['accesses']} aria-label={`Reads and writes of ${node}`}>
        {accesses.slice(0, ROWS_MAX).map((access) => (
          <AccessRow
            key={access.seq}
            access={access}
            run={run}
            isSelected={access.seq === selectedSeq}
          />
        ))}
      </ol>
      {accesses.length > ROWS_MAX && (
        <p className={styles['quiet']}>
          {ROWS_MAX} of {accesses.length} shown; the events table has all of them.
        </p>
      )}
      {run.omitted !== undefined && <p className={styles['quiet']}>{omittedWords(run.omitted)}.</p>}
    </div>
  );
}

interface AccessRowProps {
  readonly access: Access;
  readonly run: NodeRun;
  readonly isSelected: boolean;
}

function AccessRow({ access, run, isSelected }: AccessRowProps) {
  const isRead = access.kind === 'cache.read';
  const isUncommitted = run.uncommitted?.has(access);
  const [isValueShown, setIsValueShown] = useState(false);
  return (
    <li className={styles['access']} data-testid="access" aria-current={isSelected || undefined}>
      <div className={styles['line']}>
        <Mark kind={isRead ? markOfRead(access) : markOfWrite(access, isUncommitted)} size={13} />
        <code className={styles['key']}>{access.key}</code>
        <ClockGlyph version={access.version} before={versionBefore(run, access)} />
      </div>
      <div className={styles['line']}>
        <span className={styles['quiet']}>
          {accessWords(access, isUncommitted).map((words, index, all) => (
            <span key={words} className={styles['piece']}>
              {words}
              {index < all.length - 1 ? ' · ' : ''}
            </span>
          ))}
        </span>
        <span className={styles['actions']}>
          {isRead && (
            <Button
              size="small"
              variant="plain"
              onPress={() => {
                explainAccess(access);
              }}
            >
              Why?
            </Button>
          )}
          <Button
            size="small"
            variant="plain"
            aria-expanded={isValueShown}
            onPress={() => {
              setIsValueShown(!isValueShown);
            }}
          >
            Value
          </Button>
        </span>
      </div>
      {isValueShown && <KeyValue keyName={access.key} version={access.version} />}
    </li>
  );
}

function accessWords(access: Access, isUncommitted = false): readonly string[] {
  if (access.kind === 'cache.read') {
    return [
      `${outcomeWord(access)} ${sourceWords(access)}`,
      durationText(access.durationUs),
      bytesText(access.bytes),
      ...(access.siblings > 1 ? [countText(access.siblings, 'concurrent value')] : []),
    ];
  }
  const dependencies = access.dependencyCount ?? Object.keys(access.dependencies).length;
  return [
    `${operationWord[access.operation]} by ${access.executor ?? access.worker}`,
    bytesText(access.bytes),
    ...(isUncommitted ? ['not committed'] : []),
    ...(dependencies > 0 ? [`depends on ${countText(dependencies, 'key')}`] : []),
  ];
}
