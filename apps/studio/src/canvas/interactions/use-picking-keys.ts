/**
 * The keys while a target is picked: arrows and digits choose, Enter connects, Esc leaves.
 */
import { useEffect } from 'react';
import type { RefObject } from 'react';
import { connectPorts } from '../gestures.ts';
import { announce, interact, interactionStore, stopInteraction } from './interaction-store.ts';
import type { Interaction } from './interaction-store.ts';

type Picking = Extract<Interaction, { is: 'picking-target' }>;

function activate(picking: Picking, index: number): void {
  const active = (index + picking.targets.length) % picking.targets.length;
  const target = picking.targets[active];
  interact({ ...picking, active });
  if (target !== undefined) announce(`${target.parameter} of ${target.node}.`);
}

function finish(picking: Picking, index: number): void {
  const target = picking.targets[index];
  if (target === undefined) return;
  stopInteraction();
  connectPorts({ from: picking.from, to: target.node, parameter: target.parameter });
}

function press(picking: Picking, key: string): boolean {
  if (key === 'ArrowDown' || key === 'ArrowRight') activate(picking, picking.active + 1);
  else if (key === 'ArrowUp' || key === 'ArrowLeft') activate(picking, picking.active - 1);
  else if (key === 'Enter') finish(picking, picking.active);
  else if (/^[1-9]$/u.test(key)) finish(picking, Number(key) - 1);
  else if (key === 'Escape') {
    stopInteraction();
    announce('Not connected.');
  } else return false;
  return true;
}

export function usePickingKeys(region: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = region.current;
    if (element === null) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      const { interaction } = interactionStore.getState();
      if (interaction.is !== 'picking-target' || !press(interaction, event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    element.addEventListener('keydown', onKeyDown, { capture: true });
    return () => element.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [region]);
}
