/** What the shown run answered, or how it failed with the user's own source line. */
import { shownStatus, useRun } from './run-store.ts';
import { CopyButton } from './CopyButton.tsx';
import { FailureReport } from './FailureReport.tsx';
import { durationText } from './format-amount.ts';
import { levelWords } from './levels.ts';
import { StateMark } from './marks/StateMark.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { runFailureOf } from './run-failure.ts';
import { sinkResultsOf, type SinkResult } from './sink-results.ts';
import { statusWords } from './status-words.ts';
import styles from './ResultPanel.module.css';

export function ResultPanel() {
  const run = useRun((state) => state);
  if (run.invocation === undefined) {
    return (
      <section aria-label="Result" className={styles['panel']}>
        <p className={styles['empty']}>Run this DAG to see its result here.</p>
      </section>
    );
  }
  const failure = runFailureOf(run.summary, run.outcome, run.nodes);
  const status = shownStatus(run);
  const results = sinkResultsOf(run.outcome, run.nodes);
  const durationUs =
    run.summary?.durationUs ??
    (run.outcome?.durationMs === undefined ? undefined : run.outcome.durationMs * 1_000);
  return (
    <section aria-label="Result" className={styles['panel']}>
      {status !== undefined && (
        <p className={styles['status']} role="status">
          <StateMark status={status} size={16} />
          <strong>{statusWords[status]}</strong>
          {durationUs !== undefined && <span>{durationText(durationUs)}</span>}
          {run.summary !== undefined && <span>{levelWords(run.summary.consistency)}</span>}
          {run.summary !== undefined && run.summary.attempt > 1 && (
            <span>{run.summary.attempt} attempts</span>
          )}
        </p>
      )}
      {run.problem !== undefined && run.records.length === 0 && (
        <ProblemNote problem={run.problem} />
      )}
      {failure !== undefined && <FailureReport failure={failure} />}
      {failure === undefined &&
        results.map((result) => <Result key={result.node ?? ''} result={result} />)}
      {status === 'running' && results.length === 0 && (
        <p className={styles['empty']}>The result appears here when the last function returns.</p>
      )}
      {status === 'cancelled' && (
        <p className={styles['empty']}>It was cancelled: only what it had flushed is kept.</p>
      )}
    </section>
  );
}

function Result({ result }: { readonly result: SinkResult }) {
  const { node, text, isPreview } = result;
  return (
    <figure className={styles['result']}>
      <figcaption className={styles['node']}>
        {node === undefined ? 'Returned' : `${node} returned`}
        {text !== undefined && !isPreview && <CopyButton text={text} label="Copy the result" />}
      </figcaption>
      <pre data-testid="result-value" data-node={node} tabIndex={0} className={styles['value']}>
        {text ?? 'nothing'}
      </pre>
      {isPreview && (
        <p className={styles['note']}>Preview; the whole value comes when the run ends.</p>
      )}
    </figure>
  );
}
