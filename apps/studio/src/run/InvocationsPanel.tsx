/** The runs of this DAG, newest first; choosing one shows it. */
import type { DagName, InvocationId, InvocationStatus } from '@stormglass/core';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { listInvocations } from '../api/invocations.ts';
import type { ApiProblem } from '../api/request.ts';
import { liveStore } from '../live/stream.ts';
import { useNowMs } from '../live/use-now-ms.ts';
import { earlierInvocationsOf, type EarlierInvocation } from './earlier-invocations.ts';
import { ageText, durationText } from './format-amount.ts';
import { levelWords } from './levels.ts';
import { Mark } from './marks/Mark.tsx';
import { StateMark } from './marks/StateMark.tsx';
import type { MarkKind } from './marks/mark-shapes.ts';
import { ProblemNote } from './ProblemNote.tsx';
import { runAddress } from './run-address.ts';
import { useRun } from './run-store.ts';
import { statusWords } from './status-words.ts';
import styles from './InvocationsPanel.module.css';

interface InvocationsPanelProps {
  readonly dag: DagName;
}

const AGE_INTERVAL_MS = 5_000;

export function InvocationsPanel({ dag }: InvocationsPanelProps) {
  const { listed, problem } = useListed(dag);
  const view = useStore(liveStore, (state) => state.view);
  const clockOffsetUs = useStore(liveStore, (state) => state.clockOffsetUs);
  const shown = useRun((run) => run.invocation);
  const nowMs = useNowMs(true, AGE_INTERVAL_MS);
  const clusterStartMs =
    clockOffsetUs === undefined ? undefined : performance.timeOrigin + clockOffsetUs / 1_000;
  const invocations = useMemo(
    () => earlierInvocationsOf(dag, listed, view, clusterStartMs),
    [dag, listed, view, clusterStartMs],
  );
  return (
    <section aria-label="Runs of this DAG" className={styles['panel']}>
      {problem !== undefined && <ProblemNote problem={problem} />}
      {invocations.length === 0 && problem === undefined && (
        <p className={styles['empty']}>
          Nothing has run yet. Press Run, and every run of this DAG is listed here.
        </p>
      )}
      <ol className={styles['list']}>
        {invocations.map((entry) => (
          <li key={entry.invocation}>
            <InvocationLink
              dag={dag}
              entry={entry}
              nowMs={nowMs}
              isShown={entry.invocation === shown}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The server's list, asked for again whenever the stream tells of a newer run. */
function useListed(dag: DagName) {
  const newest = useStore(liveStore, (state) => state.newestOf.get(dag));
  const cluster = useStore(liveStore, (state) => state.cluster);
  const [listed, setListed] = useState<readonly InvocationStatus[]>([]);
  const [problem, setProblem] = useState<ApiProblem | undefined>();
  useEffect(() => {
    let isCurrent = true;
    void listInvocations().then((answer) => {
      if (!isCurrent) return;
      if (answer.ok) setListed(answer.value);
      setProblem(answer.ok ? undefined : answer.problem);
    });
    return () => {
      isCurrent = false;
    };
  }, [dag, newest, cluster]);
  return { listed, problem };
}

interface InvocationLinkProps {
  readonly dag: DagName;
  readonly entry: EarlierInvocation;
  readonly nowMs: number;
  readonly isShown: boolean;
}

function InvocationLink({ dag, entry, nowMs, isShown }: InvocationLinkProps) {
  const { invocation, status, durationUs, startedAtMs, attempts, reads } = entry;
  return (
    <Link
      href={runAddress(dag, invocation)}
      className={styles['entry']}
      aria-current={isShown ? 'true' : undefined}
      data-testid={`invocation-${invocation}`}
      data-status={status}
    >
      <StateMark status={status} />
      <span className={styles['main']}>
        <span className={styles['first']}>
          <span className={styles['status']}>{statusWords[status]}</span>
          {durationUs !== undefined && <span>{durationText(durationUs)}</span>}
          {attempts > 1 && <span>↻ {attempts}</span>}
          <span className={styles['age']}>
            {startedAtMs === undefined ? '' : ageText(Math.max(0, nowMs - startedAtMs))}
          </span>
        </span>
        <span className={styles['second']}>
          <span className={styles['level']}>{levelWords(entry.consistency)}</span>
          {reads !== undefined && (
            <span className={styles['reads']}>
              <Count kind="hit" count={reads.hits} word="hits" />
              <Count kind="miss" count={reads.misses} word="misses" />
              <Count kind="upstream" count={reads.upstream} word="from upstream" />
            </span>
          )}
          <code className={styles['id']}>{shortId(invocation)}</code>
        </span>
      </span>
    </Link>
  );
}

interface CountProps {
  readonly kind: MarkKind;
  readonly count: number;
  readonly word: string;
}

function Count({ kind, count, word }: CountProps) {
  if (count === 0) return null;
  return (
    <span className={styles['countOf']}>
      <Mark kind={kind} size={9} />
      {count}
      <span className="visually-hidden"> {word}</span>
    </span>
  );
}

/** The end of an id tells ids of one moment apart better than the beginning. */
export const shortId = (invocation: InvocationId): string =>
  invocation.length <= 10 ? invocation : `…${invocation.slice(-8)}`;
