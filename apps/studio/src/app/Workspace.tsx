/**
 * The resizable regions around the canvas.
 */
import type { DagName } from '@stormglass/core';
import { PanelLeftOpen, PanelRightClose, PanelRightOpen } from 'lucide-react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { Canvas } from '../canvas/Canvas.tsx';
import { addFunctionNode } from '../canvas/gestures.ts';
import { usePlaceInView, useReveal } from '../canvas/use-place-in-view.ts';
import { selectFunction } from '../document/selection-store.ts';
import { IconButton } from '../design/primitives/Button.tsx';
import { Library } from '../library/Library.tsx';
import { Dock } from './Dock.tsx';
import { InspectorRegion } from './InspectorRegion.tsx';
import { commands, useCommandKeys } from './commands.ts';
import { useSidePanel } from './use-side-panel.ts';
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
  const library = useSidePanel();
  const inspector = useSidePanel();
  useCommandKeys({ 'toggle-library': library.toggle, 'toggle-inspector': inspector.toggle });
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
        {...library.panel}
      >
        <Library onAdd={add} onOpen={selectFunction} onHide={library.toggle} />
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Width of the library" />
      <Panel id="middle-column" minSize={320}>
        <Dock>
          <section className={styles['canvas']} aria-label={`Canvas of ${dag}`} data-region>
            <Canvas />
            {library.isOpen ? null : (
              <span className={styles['openLeft']}>
                <IconButton
                  label="Show the library"
                  shortcut={commands['toggle-library'].keys[0]}
                  onPress={library.toggle}
                >
                  <PanelLeftOpen size={16} aria-hidden />
                </IconButton>
              </span>
            )}
            <span className={styles['openRight']}>
              <IconButton
                label={inspector.isOpen ? 'Hide the inspector' : 'Show the inspector'}
                shortcut={commands['toggle-inspector'].keys[0]}
                aria-expanded={inspector.isOpen}
                onPress={inspector.toggle}
              >
                {inspector.isOpen ? (
                  <PanelRightClose size={16} aria-hidden />
                ) : (
                  <PanelRightOpen size={16} aria-hidden />
                )}
              </IconButton>
            </span>
          </section>
        </Dock>
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Width of the inspector" />
      <Panel
        id="inspector-column"
        defaultSize={isNarrow ? 320 : 376}
        minSize={280}
        maxSize={720}
        {...inspector.panel}
      >
        <InspectorRegion dag={dag} />
      </Panel>
    </Group>
  );
}
