/**
 * Which tab of the inspector is open; anything that points at a read opens it there.
 */
import { createStore, useStore } from 'zustand';
import { selectNode } from '../document/selection-store.ts';
import type { Access } from '../run/access-chips.ts';
import { runStore } from '../run/run-store.ts';

export type InspectorTab = 'code' | 'inputs' | 'reads' | 'why';

const inspectorTabStore = createStore<{ readonly tab: InspectorTab }>(() => ({
  tab: 'code',
}));

export const useInspectorTab = (): InspectorTab => useStore(inspectorTabStore, ({ tab }) => tab);

export function openTab(tab: InspectorTab): void {
  inspectorTabStore.setState({ tab });
}

/** A read or a write was pointed at: select its node and explain it. */
export function explainAccess(access: Access): void {
  if (access.node !== undefined) selectNode(access.node);
  runStore.selectRecord(access.seq);
  openTab(access.kind === 'cache.read' ? 'why' : 'reads');
}
