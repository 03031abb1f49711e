/**
 * What the inspector shows while nothing is selected: the result of the shown run, and the runs of this
 * DAG.
 */
import type { DagName } from '@stormglass/core';
import { InvocationsPanel } from './InvocationsPanel.tsx';
import { ResultPanel } from './ResultPanel.tsx';
import { useRun } from './run-store.ts';
import styles from './RunOverview.module.css';

export function RunOverview({ dag }: { readonly dag: DagName }) {
  const isRunShown = useRun((run) => run.invocation !== undefined);
  return (
    <div className={styles['overview']}>
      {isRunShown && (
        <>
          <h2 className={styles['heading']}>Result</h2>
          <ResultPanel />
        </>
      )}
      <h2 className={styles['heading']}>Runs</h2>
      <InvocationsPanel dag={dag} />
    </div>
  );
}
