/**
 * The resizable regions around the canvas.
 */
import type { DagName } from '@stormglass/core';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { Canvas } from '../canvas/Canvas.tsx';
import { addFunctionNode, nextPlace } from '../canvas/gestures.ts';
import { selectFunction } from '../document/selection-store.ts';
import { Library } from '../library/Library.tsx';
import { Dock } from './Dock.tsx';
import { InspectorRegion } from './InspectorRegion.tsx';
import styles from './EditorScreen.module.css';

const addAtEnd = (name: string): void => {
  addFunctionNode(name, nextPlace());
};

export function Workspace({ dag }: { readonly dag: DagName }) {
  const remembered = useDefaultLayout({
    id: 'stormglass.columns',
    storage: localStorage,
    onlySaveAfterUserInteractions: true,
  });
  const isNarrow = window.innerWidth < 1200;
  return (
    <Group className={styles['columns'] ?? ''} orientation="horizontal" {...remembered}>
      <Panel
        id="library-column"
        defaultSize={isNarrow ? 208 : 240}
        minSize={184}
        maxSize={400}
        groupResizeBehavior="preserve-pixel-size"
      >
        <Library onAdd={addAtEnd} onOpen={selectFunction} />
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Width of the library" />
      <Panel id="middle-column" minSize={320}>
        <Dock>
          <main className={styles['canvas']} aria-label={`DAG ${dag}`} data-region>
            <Canvas />
          </main>
        </Dock>
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Width of the inspector" />
      <Panel
        id="inspector-column"
        defaultSize={isNarrow ? 320 : 400}
        minSize={280}
        maxSize={720}
        groupResizeBehavior="preserve-pixel-size"
      >
        <InspectorRegion dag={dag} />
      </Panel>
    </Group>
  );
}
