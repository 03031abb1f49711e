/** Keeps the shown invocation equal to what the address says. Used once, by the screen of a DAG. */
import { useEffect } from 'react';
import { useRoute } from 'wouter';
import { runStore } from './run-store.ts';

export function useRunFromAddress(): void {
  const [isRun, run] = useRoute('/d/:dag/r/:invocation');
  const [isDag, document] = useRoute('/d/:dag/*?');
  const dag = isRun ? run.dag : isDag ? document.dag : undefined;
  const invocation = isRun ? run.invocation : undefined;
  useEffect(() => {
    runStore.show(dag, invocation);
  }, [dag, invocation]);
}
