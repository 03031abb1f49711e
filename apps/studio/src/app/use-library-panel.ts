/**
 * The library stands open where functions are being put together, and makes room for the picture where a
 * DAG is there already. What a person chose wins over both, and is remembered.
 */
import { useEffect, useEffectEvent, useState } from 'react';
import { getDocument } from '../document/document-store.ts';
import { useRun } from '../run/run-store.ts';
import { useSidePanel } from './use-side-panel.ts';

const STORAGE_KEY = 'stormglass.library';
/** From here on there is room for both. */
const ROOMY_WIDTH = 1_600;

function chosen(): boolean | undefined {
  const text = localStorage.getItem(STORAGE_KEY);
  return text === null ? undefined : text === 'open';
}

export function useLibraryPanel(width: number) {
  const isRunShown = useRun((run) => run.invocation !== undefined);
  const makesRoom = () => chosen() === undefined && window.innerWidth < ROOMY_WIDTH;
  const [isOpenAtStart] = useState(
    () => chosen() ?? (!makesRoom() || (!isRunShown && getDocument().nodes.length === 0)),
  );
  const library = useSidePanel({
    isOpenAtStart,
    width,
    onToggle: (isOpen) => localStorage.setItem(STORAGE_KEY, isOpen ? 'open' : 'folded'),
  });
  const makeRoom = useEffectEvent(() => {
    if (makesRoom()) library.fold();
  });
  useEffect(() => {
    if (isRunShown || !isOpenAtStart) makeRoom();
  }, [isRunShown, isOpenAtStart]);
  return library;
}
