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
  save: { title: 'Save', scope: 'everywhere', keys: ['$mod+s'] },
  run: { title: 'Run', scope: 'everywhere', keys: ['$mod+Enter'] },
  undo: { title: 'Undo', scope: 'everywhere', keys: ['$mod+z'] },
  redo: { title: 'Redo', scope: 'everywhere', keys: ['$mod+Shift+z', 'Control+y'] },
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
  remove: { title: 'Delete the selection', scope: 'canvas', keys: ['Delete', 'Backspace'] },
  'select-all': { title: 'Select everything', scope: 'canvas', keys: ['$mod+a'] },
  tidy: { title: 'Tidy up', scope: 'canvas', keys: ['l'] },
  fit: { title: 'Fit everything in view', scope: 'canvas', keys: ['1'] },
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

function bindingsOf(runs: () => CommandRuns): Record<string, (event: KeyboardEvent) => void> {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const id of commandIds) {
    if (runs()[id] === undefined) continue;
    for (const key of commands[id].keys) {
      bindings[key] = (event) => {
        if (isTyping(event.target) && (commands[id].scope === 'canvas' || staysWithText.has(id))) {
          return;
        }
        event.preventDefault();
        runs()[id]?.();
      };
    }
  }
  return bindings;
}

/**
 * Binds the keys of the given commands while the component is there. Which commands are given must not
 * change.
 */
export function useCommandKeys(target: () => Window | HTMLElement | null, runs: CommandRuns): void {
  const latest = useRef(runs);
  const targetOf = useRef(target);
  useEffect(() => {
    latest.current = runs;
  });
  useEffect(() => {
    const element = targetOf.current();
    if (element === null) return undefined;
    return tinykeys(
      element,
      bindingsOf(() => latest.current),
      { ignore: () => false },
    );
  }, []);
}
