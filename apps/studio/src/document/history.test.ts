import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Gesture } from './command.ts';
import { EMPTY_DOCUMENT, sameDocument, toDagBody } from './document.ts';
import {
  GESTURES_MAX,
  currentDocument,
  perform,
  redo,
  redoLabel,
  startHistory,
  undo,
  undoLabel,
} from './history.ts';
import type { History } from './history.ts';
import { parseStored, printStored } from './stored-document.ts';

const nodeId = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor');
const plain = { noNullPrototype: true } as const;
const place = fc.record(
  { x: fc.integer({ min: -800, max: 800 }), y: fc.integer({ min: 0, max: 800 }) },
  plain,
);
const edge = fc.record({ from: nodeId, to: nodeId, parameter: fc.constantFrom('x', 'y') }, plain);
const command = fc.oneof(
  fc.record({ type: fc.constant('add-node' as const), id: nodeId, function: nodeId, place }),
  fc.record({ type: fc.constant('connect' as const), edge }),
  fc.record({
    type: fc.constant('remove' as const),
    nodes: fc.array(nodeId, { maxLength: 2 }),
    edges: fc.array(fc.constantFrom('a:x', 'b:y'), { maxLength: 2 }),
  }),
  fc.record({
    type: fc.constant('move-nodes' as const),
    places: fc.array(fc.tuple(nodeId, place), { maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('rename-node' as const), from: nodeId, to: nodeId }),
);
const gesture: fc.Arbitrary<Gesture> = fc.record({
  label: fc.constantFrom('one', 'two'),
  commands: fc.array(command, { minLength: 1, maxLength: 3 }),
});
const steps = fc.array(
  fc.oneof({ weight: 4, arbitrary: gesture }, fc.constantFrom('undo' as const, 'redo' as const)),
  { maxLength: 60 },
);

function play(script: readonly (Gesture | 'undo' | 'redo')[]) {
  return script.reduce(
    (history, step) =>
      step === 'undo' ? undo(history) : step === 'redo' ? redo(history) : perform(history, step),
    startHistory(EMPTY_DOCUMENT),
  );
}

// As text: matchers that look at `.constructor` trip over a node of that name.
const bodyOf = (history: History) => JSON.stringify(toDagBody(currentDocument(history)));

describe('the command log', () => {
  test('undoing everything gives the first document, redoing everything the last', () => {
    fc.assert(
      fc.property(fc.array(gesture, { maxLength: 60 }), (gestures) => {
        const full = play(gestures);
        let history = full;
        while (undoLabel(history) !== undefined) history = undo(history);
        expect(sameDocument(currentDocument(history), EMPTY_DOCUMENT)).toBe(true);
        while (redoLabel(history) !== undefined) history = redo(history);
        expect(currentDocument(history)).toStrictEqual(currentDocument(full));
      }),
    );
  });

  test('a reload keeps the document, undo and redo', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const before = play(script);
        const after = parseStored(printStored({ history: before, saved: undefined }))?.history;
        expect(after).toBeDefined();
        if (after === undefined) return;
        expect(bodyOf(after)).toBe(bodyOf(before));
        expect([undoLabel(after), redoLabel(after)]).toStrictEqual([
          undoLabel(before),
          redoLabel(before),
        ]);
        expect(bodyOf(undo(after))).toBe(bodyOf(undo(before)));
      }),
    );
  });

  test('no edge ever points at a node that is not there, and no parameter has two', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { nodes, edges, places } = currentDocument(play(script));
        const ids = new Set(nodes.map((node) => node.id));
        expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
        expect(new Set(edges.map(({ to, parameter }) => `${to}:${parameter}`)).size).toBe(
          edges.length,
        );
        expect([...places.keys()].toSorted()).toStrictEqual([...ids].toSorted());
      }),
    );
  });

  test('a gesture that changes nothing is no entry', () => {
    const history = startHistory(EMPTY_DOCUMENT);
    const idle: Gesture = { label: 'Move', commands: [{ type: 'move-nodes', places: [] }] };
    expect(perform(history, idle)).toBe(history);
  });

  test('a new gesture drops what was undone', () => {
    const add = (id: string): Gesture => ({
      label: `Add ${id}`,
      commands: [{ type: 'add-node', id, function: 'f', place: { x: 0, y: 0 } }],
    });
    const history = perform(undo(play([add('a'), add('b')])), add('c'));
    expect(currentDocument(history).nodes.map((node) => node.id)).toStrictEqual(['a', 'c']);
    expect(redoLabel(history)).toBeUndefined();
  });

  test('the log is bounded, and undo goes back exactly that far', () => {
    const move = (x: number): Gesture => ({
      label: `Move ${x}`,
      commands: [{ type: 'move-nodes', places: [['a', { x, y: 0 }]] }],
    });
    const add: Gesture = {
      label: 'Add a',
      commands: [{ type: 'add-node', id: 'a', function: 'f', place: { x: 0, y: 0 } }],
    };
    let history = play([add, ...Array.from({ length: GESTURES_MAX + 50 }, (_, x) => move(x + 1))]);
    expect(history.gestures).toHaveLength(GESTURES_MAX);
    while (undoLabel(history) !== undefined) history = undo(history);
    expect(currentDocument(history).places.get('a')).toStrictEqual({ x: 50, y: 0 });
  });
});

describe('what is kept in the browser', () => {
  test.each(['', '{}', '[]', 'null', '{"format":1}', '{"format":2,"base":{"nodes":[]}}'])(
    'text that is not a kept document is refused: %s',
    (text) => {
      expect(parseStored(text)).toBeUndefined();
    },
  );

  test('a node keeps a place even when its name is one of the language', () => {
    const add: Gesture = {
      label: 'Add',
      commands: [{ type: 'add-node', id: '__proto__', function: 'f', place: { x: 8, y: 8 } }],
    };
    const document = currentDocument(play([add]));
    const text = printStored({ history: startHistory(document), saved: { document, version: 1 } });
    const kept = parseStored(text);
    expect(kept?.saved?.document.places.has('__proto__')).toBe(true);
    expect(kept?.history.base.places.has('__proto__')).toBe(true);
  });

  test('an unknown command is refused', () => {
    const text = JSON.stringify({
      format: 1,
      base: { nodes: [], edges: [] },
      gestures: [{ label: 'x', commands: [{ type: 'constructor' }] }],
      done: 1,
    });
    expect(parseStored(text)).toBeUndefined();
  });
});
