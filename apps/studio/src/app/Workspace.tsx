/**
 * The resizable regions around the canvas.
 */
import type { DagName } from '@stormglass/core';
import { lazy } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { Canvas } from '../canvas/Canvas.tsx';
import { addFunctionNode } from '../canvas/gestures.ts';
import { usePlaceInView, useReveal } from '../canvas/use-place-in-view.ts';
import { selectFunction } from '../document/selection-store.ts';
import { CanvasHead } from './CanvasHead.tsx';
import { Dock } from './Dock.tsx';
import { InspectorRegion } from './InspectorRegion.tsx';
import { Region } from './Region.tsx';
import { useCommandKeys } from './commands.ts';
import { useLibraryPanel } from './use-library-panel.ts';
import { useSidePanel } from './use-side-panel.ts';
import styles from './EditorScreen.module.css';

const Library = lazy(async () => {
  const { Library: component } = await import('../library/Library.tsx');
  return { default: component };
});

const INSPECTOR_MAX = 720;

/** The picture needs the room first; a wide screen has some to spare. */
function columnWidths(): { readonly library: number; readonly inspector: number } {
  const { innerWidth } = window;
  if (innerWidth < 1_200) return { library: 208, inspector: 280 };
  return { library: 240, inspector: innerWidth < 1_600 ? 344 : 376 };
}

/** Room for lines of code as people write them, while the picture keeps the larger half. */
const wideInspector = (): number => Math.min(INSPECTOR_MAX, Math.round(window.innerWidth * 0.46));

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
  const width = columnWidths();
  const library = useLibraryPanel(width.library);
  const inspector = useSidePanel({ isOpenAtStart: true, width: width.inspector });
  useCommandKeys({
    'toggle-library': library.toggle,
    'toggle-inspector': inspector.toggle,
    'widen-inspector': () => inspector.widen(wideInspector()),
  });
  return (
    <Group
      className={styles['columns'] ?? ''}
      role="main"
      aria-label={`DAG ${dag}`}
      orientation="horizontal"
      {...remembered}
    >
      <Panel id="library-column" minSize={184} maxSize={400} {...library.panel}>
        <div className={styles['side']} hidden={!library.isOpen}>
          <Region>
            <Library onAdd={add} onOpen={selectFunction} onHide={library.toggle} />
          </Region>
        </div>
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Width of the library" />
      <Panel id="middle-column" minSize={320}>
        <Dock>
          <section className={styles['canvas']} aria-label={`Canvas of ${dag}`} data-region>
            <Canvas />
            <CanvasHead library={library} inspector={inspector} />
          </section>
        </Dock>
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Width of the inspector" />
      <Panel id="inspector-column" minSize={264} maxSize={INSPECTOR_MAX} {...inspector.panel}>
        <div className={styles['side']} hidden={!inspector.isOpen}>
          <InspectorRegion dag={dag} />
        </div>
      </Panel>
    </Group>
  );
}
