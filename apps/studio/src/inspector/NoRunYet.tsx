/** What a tab says of a node that the shown run knows nothing about. */
import { useRun } from '../run/run-store.ts';
import styles from './Inspector.module.css';

export function NoRunYet({ what }: { readonly what: string }) {
  const hasRun = useRun((run) => run.invocation !== undefined);
  return (
    <p className={styles['empty']}>
      {hasRun
        ? `The shown run knows nothing of this node. Run again to see its ${what}.`
        : `Run this DAG to see the node's ${what} here.`}
    </p>
  );
}
