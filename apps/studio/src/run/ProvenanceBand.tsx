/**
 * What the picture is of, never hidden (studio.md 3.0): LIVE, RECORDED, LAST KNOWN STATE or EDITING,
 * with the run.
 */
import { LocateFixed, X } from 'lucide-react';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import type { ApiProblem } from '../api/request.ts';
import { Button, IconButton } from '../design/primitives/Button.tsx';
import { useOpenDocument } from '../document/document-store.ts';
import { isCurrent } from '../live/connection.ts';
import { connectionStore } from '../live/stream.ts';
import { CancelButton } from './CancelButton.tsx';
import { countText, durationText } from './format-amount.ts';
import { shortId } from './InvocationsPanel.tsx';
import { levelWords } from './levels.ts';
import { Mark } from './marks/Mark.tsx';
import { outcomeCountsOf, outcomeKinds } from './node-run.ts';
import { dagAddress } from './run-address.ts';
import { runStore, shownStatus, useRun, type RunState } from './run-store.ts';
import { statusWords } from './status-words.ts';
import { useRunningDuration } from './use-running-duration.ts';
import styles from './ProvenanceBand.module.css';

export function ProvenanceBand() {
  const run = useRun((state) => state);
  const isLive = useStore(connectionStore, isCurrent);
  const [, navigate] = useLocation();
  const kind = provenanceOf(run, isLive);
  return (
    <div
      className={styles['band']}
      role="status"
      aria-live="off"
      data-testid="provenance"
      data-kind={kind}
    >
      <span className={styles['kind']}>{kind}</span>
      {run.invocation === undefined ? (
        <span className={styles['note']}>
          {run.follow ? 'The next run appears here.' : 'No run is shown.'}
        </span>
      ) : (
        <span className={styles['words']}>
          <RunWords run={run} />
        </span>
      )}
      <span className={styles['end']}>
        {run.invocation !== undefined && shownStatus(run) === 'running' && (
          <CancelButton key={run.invocation} invocation={run.invocation} />
        )}
        <Button
          size="small"
          variant="plain"
          aria-pressed={run.follow && run.chosen === undefined}
          onPress={() => {
            const isFollowing = run.follow && run.chosen === undefined;
            runStore.setFollow(!isFollowing);
            if (!isFollowing && run.dag !== undefined) navigate(dagAddress(run.dag));
          }}
        >
          <LocateFixed size={13} aria-hidden />
          <span>
            {run.follow && run.chosen === undefined ? 'Following' : 'Follow'}
            <span className={styles['what']}> the newest run</span>
          </span>
        </Button>
        {run.invocation !== undefined && (
          <IconButton
            label="Stop showing this run"
            data-testid="close-run"
            onPress={() => {
              runStore.setFollow(false);
              if (run.dag !== undefined) navigate(dagAddress(run.dag));
            }}
          >
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </span>
    </div>
  );
}

type Provenance = 'EDITING' | 'LIVE' | 'RECORDED' | 'LAST KNOWN STATE' | 'LOADING' | 'NOT FOUND';

function provenanceOf(run: RunState, isLive: boolean): Provenance {
  if (run.invocation === undefined) return 'EDITING';
  const status = shownStatus(run);
  if (status === 'running') return isLive ? 'LIVE' : 'LAST KNOWN STATE';
  if (status === undefined && run.isLoading) return 'LOADING';
  if (status === undefined && run.problem?.status === 404) return 'NOT FOUND';
  return 'RECORDED';
}

function RunWords({ run }: { readonly run: RunState }) {
  const { summary, invocation, records, nodes, problem } = run;
  const runningUs = useRunningDuration(
    summary?.status === 'running' ? summary.startedAt : undefined,
  );
  const durationUs = summary?.durationUs ?? runningUs;
  const counts = useMemo(() => outcomeCountsOf(nodes.values()), [nodes]);
  return (
    <>
      <span>
        run <code title={invocation}>{invocation === undefined ? '' : shortId(invocation)}</code>
      </span>
      {summary !== undefined && <span>{levelWords(summary.consistency)}</span>}
      {summary !== undefined && (
        <span>
          {statusWords[summary.status]}
          {durationUs === undefined ? '' : ` ${durationText(durationUs)}`}
        </span>
      )}
      {summary !== undefined && summary.attempt > 1 && (
        <span title={summary.cause}>attempt {summary.attempt}</span>
      )}
      <span className={styles['counts']}>
        {outcomeKinds.map(
          (kind) =>
            counts[kind] > 0 && (
              <span key={kind} className={styles['count']} title={outcomeTitles[kind]}>
                <Mark kind={kind} size={10} />
                {counts[kind]}
                <span className="visually-hidden"> {outcomeTitles[kind]}</span>
              </span>
            ),
        )}
        <span>{countText(records.length, 'event')}</span>
      </span>
      <RevisionWords dagVersion={summary?.dagVersion} />
      {problem !== undefined && (
        <span className={styles['warning']}>{problemWords(problem, records.length > 0)}</span>
      )}
    </>
  );
}

function problemWords(problem: ApiProblem, isKept: boolean): string {
  if (problem.type !== 'invocation-not-found' || !isKept) return problem.detail;
  return 'The server started anew and no longer knows this run; this page kept it.';
}

const outcomeTitles = {
  hit: 'served by the cache',
  miss: 'fetched from the store',
  upstream: 'fetched from another cache',
  write: 'written',
} as const;

/** A run is of the revision that ran; say so when the picture has moved on. */
function RevisionWords({ dagVersion }: { readonly dagVersion: number | undefined }) {
  const saved = useOpenDocument((open) => open.saved?.version);
  if (dagVersion === undefined || saved === undefined || saved === dagVersion) return null;
  return (
    <span className={styles['warning']}>
      ran version {dagVersion}, you see version {saved}
    </span>
  );
}
