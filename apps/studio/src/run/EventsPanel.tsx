/**
 * The events of the shown invocation, in order, as a real table: the accessible form of everything
 * drawn elsewhere. Only the rows in view are in the page; how many are hidden by a filter is always
 * said.
 */
import type { EventRecord, NodeId } from '@stormglass/core';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { Button } from '../design/primitives/Button.tsx';
import { Select, type Choice } from '../design/primitives/Select.tsx';
import { selectNode, useSelectedNode } from '../document/selection-store.ts';
import { EventTableRow } from './EventTableRow.tsx';
import {
  eventRowOf,
  housekeepingWords,
  isHousekeeping,
  isInGroup,
  type EventGroup,
} from './event-row.ts';
import { countText } from './format-amount.ts';
import type { NodeRun } from './node-run.ts';
import { runStore, shownStatus, useRun } from './run-store.ts';
import { EVENT_ROW_HEIGHT, useRowWindow } from './use-row-window.ts';
import styles from './EventsPanel.module.css';

type Filter = EventGroup | 'telling' | 'all';

const kindChoices: readonly Choice<Filter>[] = [
  { id: 'telling', label: 'What happened' },
  { id: 'all', label: 'All kinds' },
  { id: 'reads', label: 'Reads' },
  { id: 'writes', label: 'Writes' },
  { id: 'functions', label: 'Functions' },
  { id: 'caches', label: 'Caches' },
  { id: 'logs', label: 'Logs and messages' },
  { id: 'run', label: 'Run' },
];

export function EventsPanel() {
  const records = useRun((run) => run.records);
  const nodes = useRun((run) => run.nodes);
  const invocation = useRun((run) => run.invocation);
  const selectedSeq = useRun((run) => run.selectedSeq);
  const startedAt = useRun((run) => run.summary?.startedAt) ?? records[0]?.at ?? 0;
  const selectedNode = useSelectedNode();
  const [group, setGroup] = useState<Filter>('telling');
  const [isOnlyNode, setIsOnlyNode] = useState(false);
  const node = isOnlyNode ? selectedNode : undefined;
  const shown = useMemo(() => filtered(records, group, node), [records, group, node]);
  const leftOut = useMemo(
    () => (group === 'telling' ? housekeepingWords(records) : ''),
    [records, group],
  );
  const isRunning = useRun((run) => shownStatus(run) === 'running');
  const { first, last, scrollRef, onScroll, reveal } = useRowWindow(
    `${invocation ?? ''} ${group}`,
    shown.length,
    isRunning,
  );

  const showSelected = useEffectEvent((seq: number) => {
    const index = shown.findIndex((record) => record.seq === seq);
    if (index !== -1) reveal(index);
  });
  useEffect(() => {
    if (selectedSeq !== undefined) showSelected(selectedSeq);
  }, [selectedSeq]);

  const select = (record: EventRecord) => {
    const { node: owner } = eventRowOf(record);
    if (owner !== undefined) selectNode(owner);
    runStore.selectRecord(record.seq);
  };

  return (
    <section aria-label="Events of the run" className={styles['panel']}>
      <div className={styles['bar']}>
        <Select
          label="Kind of event"
          isLabelHidden
          size="small"
          choices={kindChoices}
          value={group}
          onChange={setGroup}
          data-testid="events-kind"
        />
        {selectedNode !== undefined && (
          <Button
            size="small"
            variant={node === undefined ? 'plain' : 'outline'}
            aria-pressed={node !== undefined}
            onPress={() => {
              setIsOnlyNode(!isOnlyNode);
            }}
          >
            Only {selectedNode}
          </Button>
        )}
        <span className={styles['count']} role="status">
          {shown.length === records.length
            ? countText(records.length, 'event')
            : `${shown.length} of ${countText(records.length, 'event')}`}
        </span>
        {leftOut !== '' && (
          <Button
            size="small"
            variant="plain"
            data-testid="show-all-events"
            onPress={() => {
              setGroup('all');
            }}
          >
            {leftOut} hidden: show
          </Button>
        )}
      </div>
      {records.length === 0 ? (
        <p className={styles['empty']}>
          {invocation === undefined
            ? 'No run is shown. Run this DAG, and every read, write and trigger appears here.'
            : 'No event of this run is known. It may have run without a trace.'}
        </p>
      ) : (
        <div ref={scrollRef} className={styles['scroll']} onScroll={onScroll} tabIndex={-1}>
          <table className={styles['table']} aria-rowcount={shown.length + 1}>
            <thead>
              <tr aria-rowindex={1}>
                <th scope="col">#</th>
                <th scope="col">after</th>
                <th scope="col">node</th>
                <th scope="col">event</th>
                <th scope="col">key</th>
                <th scope="col">version</th>
              </tr>
            </thead>
            <tbody>
              <Spacer height={first * EVENT_ROW_HEIGHT} />
              {shown.slice(first, last).map((record, index) => (
                <EventTableRow
                  key={record.seq}
                  record={record}
                  rowIndex={first + index + 2}
                  afterUs={record.at - startedAt}
                  isSelected={record.seq === selectedSeq}
                  isUncommitted={isUncommitted(record, nodes)}
                  isTabStop={record.seq === (selectedSeq ?? shown[first]?.seq)}
                  onSelect={select}
                />
              ))}
              <Spacer height={(shown.length - last) * EVENT_ROW_HEIGHT} />
            </tbody>
          </table>
          {shown.length === 0 && (
            <p className={styles['empty']}>
              0 of {countText(records.length, 'event')} shown.{' '}
              <Button
                size="small"
                onPress={() => {
                  setGroup('all');
                  setIsOnlyNode(false);
                }}
              >
                Clear filters
              </Button>
            </p>
          )}
        </div>
      )}
    </section>
  );
}

function Spacer({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={6} />
    </tr>
  );
}

const isUncommitted = (record: EventRecord, nodes: ReadonlyMap<NodeId, NodeRun>): boolean =>
  record.kind === 'cache.write' && nodes.get(record.node ?? '')?.uncommitted?.has(record) === true;

function isShown(record: EventRecord, group: Filter): boolean {
  if (group === 'all') return true;
  return group === 'telling' ? !isHousekeeping(record) : isInGroup(record, group);
}

function filtered(
  records: readonly EventRecord[],
  group: Filter,
  node: string | undefined,
): readonly EventRecord[] {
  if (group === 'all' && node === undefined) return records;
  return records.filter(
    (record) => isShown(record, group) && (node === undefined || eventRowOf(record).node === node),
  );
}
