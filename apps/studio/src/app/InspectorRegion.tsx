/**
 * The right side: what is selected, or the runs of this DAG.
 */
import type { DagName } from '@stormglass/core';
import { lazy } from 'react';
import { useStore } from 'zustand';
import { useDocument } from '../document/document-store.ts';
import { selectionStore } from '../document/selection-store.ts';
import { Region } from './Region.tsx';
import styles from './EditorScreen.module.css';

export async function loadSelectionInspector() {
  const { SelectionInspector: component } = await import('./SelectionInspector.tsx');
  return { default: component };
}

const SelectionInspector = lazy(loadSelectionInspector);

const RunOverview = lazy(async () => {
  const { RunOverview: component } = await import('../run/RunOverview.tsx');
  return { default: component };
});

export function InspectorRegion({ dag }: { readonly dag: DagName }) {
  const selectedNode = useStore(selectionStore, (selection) => selection.selectedNode);
  const openFunction = useStore(selectionStore, (selection) => selection.openFunction);
  const { nodes } = useDocument();
  const isNode = nodes.some(({ id }) => id === selectedNode);
  return (
    <section className={styles['inspector']} aria-label="Inspector" data-region>
      <Region>
        {isNode || openFunction !== undefined ? <SelectionInspector /> : <RunOverview dag={dag} />}
      </Region>
    </section>
  );
}
