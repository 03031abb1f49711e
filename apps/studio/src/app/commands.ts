/**
 * Every command with its name and keys: what binds keys, labels tooltips and fills the list of keys.
 */
import { tinykeys } from 'tinykeys';
import { useEffect, useRef } from 'react';

export type CommandScope = 'everywhere' | 'canvas';

interface CommandInfo {
  readonly title: string;
  readonly scope: CommandScope;
  /** As tinykeys writes them; the first one is shown. */
  readonly keys: readonly [string, ...string[]];
}

export const commands = {
  run: { title: 'Run', scope: 'everywhere', keys: ['$mod+Enter'] },
  save: { title: 'Save', scope: 'everywhere', keys: ['$mod+s'] },
  undo: { title: 'Undo', scope: 'everywhere', keys: ['$mod+z'] },
  redo: { title: 'Redo', scope: 'everywhere', keys: ['$mod+Shift+z', 'Control+y'] },
  'toggle-library': { title: 'Show or hide the library', scope: 'everywhere', keys: ['$mod+b'] },
  'toggle-inspector': {
    title: 'Show or hide the inspector',
    scope: 'everywhere',
    keys: ['$mod+.'],
  },
  'widen-inspector': { title: 'Widen the inspector', scope: 'everywhere', keys: ['$mod+Shift+e'] },
  'toggle-events': { title: 'Show or hide the events', scope: 'everywhere', keys: ['$mod+j'] },
  palette: { title: 'Find a command', scope: 'everywhere', keys: ['$mod+k'] },
  keys: { title: 'Show keys', scope: 'everywhere', keys: ['Shift+?', '?'] },
  'next-region': { title: 'Next region', scope: 'everywhere', keys: ['F6'] },
  'previous-region': { title: 'Previous region', scope: 'everywhere', keys: ['Shift+F6'] },
  downstream: { title: 'Go downstream', scope: 'canvas', keys: ['ArrowRight'] },
  upstream: { title: 'Go upstream', scope: 'canvas', keys: ['ArrowLeft'] },
  above: { title: 'Go up', scope: 'canvas', keys: ['ArrowUp'] },
  below: { title: 'Go down', scope: 'canvas', keys: ['ArrowDown'] },
  'nudge-right': { title: 'Move right', scope: 'canvas', keys: ['Alt+ArrowRight'] },
  'nudge-left': { title: 'Move left', scope: 'canvas', keys: ['Alt+ArrowLeft'] },
  'nudge-up': { title: 'Move up', scope: 'canvas', keys: ['Alt+ArrowUp'] },
  'nudge-down': { title: 'Move down', scope: 'canvas', keys: ['Alt+ArrowDown'] },
  'quick-add': { title: 'Add a function', scope: 'canvas', keys: ['n', '/'] },
  connect: { title: 'Connect the result', scope: 'canvas', keys: ['c'] },
  rename: { title: 'Rename', scope: 'canvas', keys: ['F2'] },
  code: { title: 'Open the code', scope: 'canvas', keys: ['Enter'] },
  disconnect: { title: 'Disconnect the parameters', scope: 'canvas', keys: ['x'] },
  remove: { title: 'Delete the selection', scope: 'canvas', keys: ['Delete', 'Backspace'] },
  'select-all': { title: 'Select everything', scope: 'canvas', keys: ['$mod+a'] },
  copy: { title: 'Copy', scope: 'canvas', keys: ['$mod+c'] },
  cut: { title: 'Cut', scope: 'canvas', keys: ['$mod+x'] },
  paste: { title: 'Paste', scope: 'canvas', keys: ['$mod+v'] },
  duplicate: { title: 'Duplicate', scope: 'canvas', keys: ['$mod+d'] },
  tidy: { title: 'Tidy up', scope: 'canvas', keys: ['l'] },
  fit: { title: 'Fit everything in view', scope: 'canvas', keys: ['1'] },
  'fit-selection': { title: 'Fit the selection in view', scope: 'canvas', keys: ['2'] },
  'actual-size': { title: 'Zoom to 100 %', scope: 'canvas', keys: ['0'] },
  escape: { title: 'One step back', scope: 'canvas', keys: ['Escape'] },
} as const satisfies Record<string, CommandInfo>;

export type CommandId = keyof typeof commands;

export const commandIds = Object.keys(commands).filter((id): id is CommandId => id in commands);

export type CommandRuns = Partial<Readonly<Record<CommandId, () => void>>>;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input, textarea, select, [contenteditable]') !== null;

/** Undo and plain letters belong to the text field in which they are typed. */
const staysWithText: ReadonlySet<CommandId> = new Set(['undo', 'redo', 'keys']);

const offered = new Map<CommandId, () => void>();

/** What can be done on the screen as it is now. */
export const offeredCommands = (): ReadonlyMap<CommandId, () => void> => offered;

/** Offers commands to the palette while the component is there; which ones must not change. */
export function useOfferedCommands(runs: CommandRuns): void {
  const latest = useRef(runs);
  useEffect(() => {
    latest.current = runs;
  });
  useEffect(() => {
    const ids = commandIds.filter((id) => latest.current[id] !== undefined);
    for (const id of ids) offered.set(id, () => latest.current[id]?.());
    return () => {
      for (const id of ids) offered.delete(id);
    };
  }, []);
}

type Within = () => HTMLElement | null;

/** Keys of the canvas count while it, or nothing at all, has the keyboard. */
function isHere(event: KeyboardEvent, within: Within): boolean {
  const { target } = event;
  if (target === document.body) return document.querySelector('[role="dialog"]') === null;
  return target instanceof Node && within()?.contains(target) === true;
}

function isMeant(event: KeyboardEvent, id: CommandId, within: Within): boolean {
  const isOfCanvas = commands[id].scope === 'canvas';
  if (isTyping(event.target) && (isOfCanvas || staysWithText.has(id))) return false;
  return !isOfCanvas || isHere(event, within);
}

function bindingsOf(runs: () => CommandRuns, within: Within) {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const id of commandIds) {
    if (runs()[id] === undefined) continue;
    for (const key of commands[id].keys) {
      bindings[key] = (event) => {
        if (event.defaultPrevented || !isMeant(event, id, within)) return;
        event.preventDefault();
        runs()[id]?.();
      };
    }
  }
  return bindings;
}

const nowhere: Within = () => null;

/**
 * Binds the keys of the given commands while the component is there. Which commands are given must
 * not change. `within` is where the keys of the canvas count.
 */
export function useCommandKeys(runs: CommandRuns, within: Within = nowhere): void {
  useOfferedCommands(runs);
  const latest = useRef(runs);
  const region = useRef(within);
  useEffect(() => {
    latest.current = runs;
  });
  useEffect(() => {
    const bindings = bindingsOf(
      () => latest.current,
      () => region.current(),
    );
    return tinykeys(window, bindings, { ignore: () => false });
  }, []);
}
