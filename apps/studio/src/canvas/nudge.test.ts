import { beforeEach, expect, test, vi } from 'vitest';
import {
  closedDocument,
  documentStore,
  getDocument,
  performGesture,
  undoGesture,
  undoLabelOf,
} from '../document/document-store.ts';
import { selectNode } from '../document/selection-store.ts';
import { nudge } from './nudge.ts';

const placeOf = (id: string) => getDocument().places.get(id);
const undoLabel = () => undoLabelOf(documentStore.getState());

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  documentStore.setState({ ...closedDocument, name: 'd', phase: { is: 'open' } }, true);
  performGesture('Add a', { type: 'add-node', id: 'a', function: 'f', place: { x: 0, y: 0 } });
  selectNode('a');
  return () => vi.useRealTimers();
});

test('a burst of presses is one gesture, a later press is another', () => {
  nudge(1, 0);
  vi.advanceTimersByTime(200);
  nudge(1, 0);
  nudge(0, 1);
  expect(placeOf('a')).toStrictEqual({ x: 16, y: 8 });
  vi.advanceTimersByTime(1_000);
  nudge(1, 0);
  undoGesture();
  expect(placeOf('a')).toStrictEqual({ x: 16, y: 8 });
  undoGesture();
  expect([placeOf('a'), undoLabel()]).toStrictEqual([{ x: 0, y: 0 }, 'Add a']);
});

test('a press after undo does not take back what came before', () => {
  nudge(1, 0);
  undoGesture();
  nudge(0, 1);
  expect([placeOf('a'), undoLabel()]).toStrictEqual([{ x: 0, y: 8 }, 'Move a']);
  undoGesture();
  expect(placeOf('a')).toStrictEqual({ x: 0, y: 0 });
});
