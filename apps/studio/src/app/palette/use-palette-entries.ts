/**
 * The entries of the palette for the screen as it is now.
 */
import type { DagName } from '@stormglass/core';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { listDags } from '../../api/dags.ts';
import { addFunctionNode } from '../../canvas/gestures.ts';
import { usePlaceInView, useReveal } from '../../canvas/use-place-in-view.ts';
import { chooseTheme, themeChoices } from '../../design/theme.ts';
import { getDocument } from '../../document/document-store.ts';
import { selectNode } from '../../document/selection-store.ts';
import { functionStore } from '../../library/function-store.ts';
import { levels } from '../../run/levels.ts';
import { dagAddress } from '../../run/run-address.ts';
import { changeForm } from '../../run/run-form-store.ts';
import { commandIds, commands, offeredCommands } from '../commands.ts';
import type { CommandId } from '../commands.ts';
import type { PaletteEntry } from './palette-entries.ts';

/** What only makes sense from the keyboard, step by step. */
const STEPS: ReadonlySet<CommandId> = new Set<CommandId>([
  'palette',
  'downstream',
  'upstream',
  'above',
  'below',
  'nudge-right',
  'nudge-left',
  'nudge-up',
  'nudge-down',
  'next-region',
  'previous-region',
  'escape',
]);

const themeTitles = { system: 'Theme as the system', light: 'Light theme', dark: 'Dark theme' };

const commandEntries = (): readonly PaletteEntry[] =>
  commandIds.flatMap((id) => {
    const run = offeredCommands().get(id);
    if (run === undefined || STEPS.has(id)) return [];
    return [{ kind: 'command', title: commands[id].title, keys: commands[id].keys[0], run }];
  });

const settingEntries = (dag: DagName): readonly PaletteEntry[] => [
  ...levels.map(({ level, words }) => ({
    kind: 'level' as const,
    title: words,
    run: () => changeForm(dag, { level }),
  })),
  ...themeChoices.map((choice) => ({
    kind: 'theme' as const,
    title: themeTitles[choice],
    run: () => chooseTheme(choice),
  })),
];

/** The names of all DAGs, asked for when the palette opens. */
function useDagNames(): readonly DagName[] {
  const [names, setNames] = useState<readonly DagName[]>([]);
  useEffect(() => {
    void listDags().then((answer) => {
      if (answer.ok) setNames(answer.value.map(({ name }) => name));
    });
  }, []);
  return names;
}

export function usePaletteEntries(dag: DagName): readonly PaletteEntry[] {
  const [, navigate] = useLocation();
  const names = useDagNames();
  const reveal = useReveal();
  const { next } = usePlaceInView();
  return useMemo(
    () => [
      ...commandEntries(),
      ...getDocument().nodes.map(({ id }) => ({
        kind: 'node' as const,
        title: `Go to ${id}`,
        run: () => {
          selectNode(id);
          reveal(id);
        },
      })),
      ...[...(functionStore.getState().functions?.keys() ?? [])].map((name) => ({
        kind: 'function' as const,
        title: `Add ${name}`,
        run: () => {
          const id = addFunctionNode(name, next());
          requestAnimationFrame(() => reveal(id));
        },
      })),
      { kind: 'DAG' as const, title: 'All DAGs', run: () => navigate('/') },
      ...names
        .filter((name) => name !== dag)
        .map((name) => ({
          kind: 'DAG' as const,
          title: `Open ${name}`,
          run: () => navigate(dagAddress(name)),
        })),
      ...settingEntries(dag),
    ],
    [dag, names, navigate, next, reveal],
  );
}
