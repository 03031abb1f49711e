/**
 * Moving the selection by key: a burst of presses is one gesture.
 */
import {
  amendGesture,
  documentStore,
  getDocument,
  undoLabelOf,
} from '../document/document-store.ts';
import { selectionStore } from '../document/selection-store.ts';
import { moveTo } from './gestures.ts';
import { GRID } from './node-geometry.ts';

/** Presses that follow one another within this time belong together. */
const BURST_MS = 600;

let burst: { readonly nodes: ReadonlySet<string>; readonly untilMs: number } | undefined;

/** `columns` and `rows` are steps of the grid. */
export function nudge(columns: number, rows: number): void {
  const { places } = getDocument();
  const { nodes } = selectionStore.getState();
  const moved = [...nodes].flatMap((id) => {
    const place = places.get(id);
    if (place === undefined) return [];
    return [[id, { x: place.x + columns * GRID, y: place.y + rows * GRID }] as const];
  });
  if (moved.length === 0) return;
  const nowMs = performance.now();
  const label = undoLabelOf(documentStore.getState());
  const continues = burst !== undefined && burst.nodes === nodes && nowMs < burst.untilMs;
  if (continues && label?.startsWith('Move ') === true) {
    amendGesture(label, { type: 'move-nodes', places: moved });
  } else moveTo(moved);
  burst = { nodes, untilMs: nowMs + BURST_MS };
}
