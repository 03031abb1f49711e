/**
 * The resizable regions around the canvas.
 */
import type { DagName } from '@stormglass/core';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { Canvas } from '../canvas/Canvas.tsx';
import { addFunctionNode } from '../canvas/gestures.ts';
import { usePlaceInView, useReveal } from '../canvas/use-place-in-view.ts';
import { selectFunction } from '../document/selection-store.ts';
import { Library } from '../library/Library.tsx';
import { Dock } from './Dock.tsx';
import { InspectorRegion } from './InspectorRegion.tsx';
import styles from './EditorScreen.module.css';

export function Workspace({ dag }: { readonly dag: DagName }) {
  const remembered = useDefaultLayout({
    id: 'stormglass.columns',
    storage: localStorage,
    onlySaveAfterUserInteractions: true,
  });
  const { next } = usePlaceInView();
  const reveal = useReveal();
  function add(name: string) {
    const id = addFunctionNode(name, next());
    requestAnimationFrame(() => reveal(id));
  }
  const isNarrow = window.innerWidth < 1200;
  return (
    <Group
      className={styles['columns'] ?? ''}
      role="main"
      aria-label={`DAG ${dag}`}
      orientation="horizontal"
      {...remembered}
    >
      <Panel
        id="library-column"
        defaultSize={isNarrow ? 208 : 240}
        minSize={184}
        maxSize={400}
        groupResizeBehavior="preserve-pixel-size"
      >
        <Library onAdd={add} onOpen={selectFunction} />
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Width of the library" />
      <Panel id="middle-column" minSize={320}>
        <Dock>
          <section className={styles['canvas']} aria-label={`Canvas of ${dag}`} data-region>
            <Canvas />
          </section>
        </Dock>
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Width of the inspector" />
      <Panel
        id="inspector-column"
        defaultSize={isNarrow ? 320 : 376}
        minSize={280}
        maxSize={720}
        groupResizeBehavior="preserve-pixel-size"
      >
        <InspectorRegion dag={dag} />
      </Panel>
    </Group>
  );
}
