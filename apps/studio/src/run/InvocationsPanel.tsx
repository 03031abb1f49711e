/** The runs of this DAG, newest first; choosing one shows it. */
import type { DagName, InvocationId, InvocationStatus } from '@stormglass/core';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { listInvocations } from '../api/invocations.ts';
import type { ApiProblem } from '../api/request.ts';
import { Button } from '../design/primitives/Button.tsx';
import { paced } from '../live/pace.ts';
import { liveStore } from '../live/stream.ts';
import { useLive } from '../live/use-live.ts';
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
const LIST_INTERVAL_MS = 1_000;

export function InvocationsPanel({ dag }: InvocationsPanelProps) {
  const { listed, loadOlder } = useListed(dag);
  const { problem } = listed;
  const view = useLive((state) => state.view);
  const clockOffsetUs = useLive((state) => state.clockOffsetUs);
  const shown = useRun((run) => run.invocation);
  const nowMs = useNowMs(true, AGE_INTERVAL_MS);
  const clusterStartMs =
    clockOffsetUs === undefined ? undefined : performance.timeOrigin + clockOffsetUs / 1_000;
  const invocations = useMemo(
    () => earlierInvocationsOf(dag, listed.invocations, view, clusterStartMs),
    [dag, listed.invocations, view, clusterStartMs],
  );
  // That nobody answers is said at the top of the page already, beside the age of what is shown.
  const isTold = problem?.type === 'unreachable' && invocations.length > 0;
  return (
    <section aria-label="Runs of this DAG" className={styles['panel']}>
      {problem !== undefined && !isTold && <ProblemNote problem={problem} />}
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
      {listed.cursor !== undefined && (
        <Button size="small" variant="plain" onPress={() => void loadOlder()}>
          Older runs
        </Button>
      )}
    </section>
  );
}

interface Listed {
  readonly invocations: readonly InvocationStatus[];
  /** Where the next page begins, when there are older runs. */
  readonly cursor: string | undefined;
  readonly problem: ApiProblem | undefined;
}

const NOTHING_LISTED: Listed = { invocations: [], cursor: undefined, problem: undefined };

/** The server's list, asked for again, at most once a second, when the stream tells of a newer run. */
function useListed(dag: DagName) {
  const [listed, setListed] = useState(NOTHING_LISTED);
  useEffect(() => {
    let isMounted = true;
    const ask = async () => {
      const answer = await listInvocations(dag);
      if (!isMounted) return;
      setListed((before) =>
        answer.ok
          ? { ...answer.value, problem: undefined }
          : { ...before, problem: answer.problem },
      );
    };
    const askSoon = paced(LIST_INTERVAL_MS, () => void ask());
    askSoon();
    const stop = liveStore.subscribe((now, before) => {
      const isNewer = now.newestOf.get(dag) !== before.newestOf.get(dag);
      if (isNewer || now.cluster !== before.cluster) askSoon();
    });
    return () => {
      isMounted = false;
      stop();
    };
  }, [dag]);
  const loadOlder = async () => {
    const answer = await listInvocations(dag, listed.cursor);
    setListed((before) =>
      answer.ok
        ? {
            invocations: [...before.invocations, ...answer.value.invocations],
            cursor: answer.value.cursor,
            problem: undefined,
          }
        : { ...before, problem: answer.problem },
    );
  };
  return { listed, loadOlder };
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
