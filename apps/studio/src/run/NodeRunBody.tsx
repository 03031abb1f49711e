/**
 * What the shown invocation did at one node, inside its box on the canvas: state, executor, duration,
 * reads and writes, and on sinks the result. Draws nothing when no invocation is shown.
 */
import type { NodeId } from '@stormglass/core';
import { selectNode, useSelectedNode } from '../document/selection-store.ts';
import { explainAccess, openTab } from '../inspector/inspector-tab-store.ts';
import { AccessChip } from './AccessChip.tsx';
import { accessStripOf, versionBefore } from './access-chips.ts';
import { countText, durationText } from './format-amount.ts';
import { Mark } from './marks/Mark.tsx';
import { StateMark } from './marks/StateMark.tsx';
import { outcomeCountsOf, outcomeKinds } from './node-run.ts';
import type { NodeRun, NodeStatus } from './node-run.ts';
import { useNodeRun } from './run-store.ts';
import { failureWord, statusWords } from './status-words.ts';
import { useRunningDuration } from './use-running-duration.ts';
import styles from './NodeRunBody.module.css';

interface NodeRunBodyProps {
  readonly node: NodeId;
  readonly isSink: boolean;
}

export function NodeRunBody({ node, isSink }: NodeRunBodyProps) {
  const run = useNodeRun(node);
  if (run === undefined) return null;
  return (
    <div
      className={styles['body']}
      data-testid={`node-${node}-status`}
      data-status={run.status}
      data-attempt={run.attempt}
      data-timed={isTimed(run.status) || undefined}
    >
      <StateLine run={run} />
      <Counts run={run} />
      <AccessStripView run={run} />
      {isSink && run.result !== undefined && (
        <output
          className={styles['result']}
          data-testid="result"
          data-node={node}
          title={run.result}
        >
          {run.result}
        </output>
      )}
      {run.error !== undefined && (
        <p className={styles['error']} title={run.error.message}>
          {run.error.message}
        </p>
      )}
    </div>
  );
}

/** Its shape and its duration say it where there is no room for the word. */
const isTimed = (status: NodeStatus): boolean => status === 'running' || status === 'succeeded';

/** What the chips show, for a look from far away. */
function Counts({ run }: { readonly run: NodeRun }) {
  const counts = outcomeCountsOf([run]);
  return (
    // The chips stay there for the keyboard and for screen readers.
    <button
      type="button"
      aria-hidden
      tabIndex={-1}
      className={`${styles['counts'] ?? ''} nodrag`}
      data-testid="access-counts"
      title="Show what it read and wrote"
      onClick={() => {
        selectNode(run.node);
        openTab('reads');
      }}
    >
      {outcomeKinds.map(
        (kind) =>
          counts[kind] > 0 && (
            <span key={kind} className={styles['count']} data-count={kind}>
              <Mark kind={kind} />
              {counts[kind]}
            </span>
          ),
      )}
      {run.executor !== undefined && <span className={styles['executor']}>{run.executor}</span>}
    </button>
  );
}

function StateLine({ run }: { readonly run: NodeRun }) {
  const runningUs = useRunningDuration(run.status === 'running' ? run.startedAt : undefined);
  const durationUs = run.durationUs ?? runningUs;
  return (
    <p className={styles['state']}>
      <StateMark status={run.status} />
      <span className={styles['word']}>
        {run.status === 'failed' ? failureWord(run) : statusWords[run.status]}
      </span>
      {durationUs !== undefined && (
        <span className={styles['duration']}>{durationText(durationUs)}</span>
      )}
      {run.attempt > 1 && (
        <span className={styles['attempt']} title={run.cause}>
          <span aria-hidden>↻</span>
          <span className="visually-hidden">attempt</span>
          {run.attempt}
        </span>
      )}
      {run.executor !== undefined && (
        <span className={styles['executor']}>
          <span className="visually-hidden">on executor</span> {run.executor}
        </span>
      )}
    </p>
  );
}

function AccessStripView({ run }: { readonly run: NodeRun }) {
  const isSelected = useSelectedNode() === run.node;
  const strip = accessStripOf(run);
  if (strip.shown.length === 0) return null;
  const hidden = hiddenWords(strip.hiddenReads, strip.hiddenWrites);
  return (
    <ul className={styles['strip']} aria-label={`Keys that ${run.node} read and wrote`}>
      {strip.shown.map((access) => (
        <li key={access.seq}>
          <AccessChip
            access={access}
            before={versionBefore(run, access)}
            isUncommitted={run.uncommitted?.has(access) === true}
            isInTabOrder={isSelected}
            onPress={() => {
              explainAccess(access);
            }}
          />
        </li>
      ))}
      {hidden !== '' && <li className={styles['rest']}>+ {hidden}</li>}
    </ul>
  );
}

function hiddenWords(reads: number, writes: number): string {
  const parts = [
    ...(reads > 0 ? [countText(reads, 'read')] : []),
    ...(writes > 0 ? [countText(writes, 'write')] : []),
  ];
  return parts.join(', ');
}
