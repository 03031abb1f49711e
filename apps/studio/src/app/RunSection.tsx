/**
 * The run bar for the DAG as it is on the screen; a run saves first.
 */
import { useMemo } from 'react';
import { toDagDetail } from '../document/document.ts';
import { useDocument, useOpenDocument } from '../document/document-store.ts';
import { useFunctions } from '../library/function-store.ts';
import { RunBar } from '../run/RunBar.tsx';
import { saveEverything } from './save-everything.ts';
import styles from './EditorScreen.module.css';

const NO_FUNCTIONS = new Map<string, never>();

export function RunSection() {
  const document = useDocument();
  const name = useOpenDocument((open) => open.name);
  const version = useOpenDocument((open) => open.saved?.version) ?? 0;
  const functions = useFunctions((state) => state.functions) ?? NO_FUNCTIONS;
  const dag = useMemo(() => toDagDetail(document, name, version), [document, name, version]);
  return (
    <div className={styles['run']} data-region>
      <RunBar dag={dag} functions={functions} prepare={saveEverything} />
    </div>
  );
}
