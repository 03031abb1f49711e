/**
 * The events of the run below the canvas; folded away it is one line.
 */
import { ChevronDown, ChevronUp } from 'lucide-react';
import { lazy, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import type { PanelImperativeHandle } from 'react-resizable-panels';
import { IconButton } from '../design/primitives/Button.tsx';
import { Region } from './Region.tsx';
import { commands, useCommandKeys } from './commands.ts';
import styles from './EditorScreen.module.css';

export async function loadEventsPanel() {
  const { EventsPanel: component } = await import('../run/EventsPanel.tsx');
  return { default: component };
}

const EventsPanel = lazy(loadEventsPanel);

const HEADER_HEIGHT = 36;
const OPEN_HEIGHT = 192;
/** Below this height of the window the canvas needs the room more. */
const ROOMY_HEIGHT = 800;

export function Dock({ children }: { readonly children: ReactNode }) {
  const panel = useRef<PanelImperativeHandle>(null);
  const [isOpen, setOpen] = useState(window.innerHeight >= ROOMY_HEIGHT);
  const remembered = useDefaultLayout({
    id: 'stormglass.rows',
    storage: localStorage,
    onlySaveAfterUserInteractions: true,
  });
  function toggle() {
    if (isOpen) panel.current?.collapse();
    else panel.current?.resize(OPEN_HEIGHT);
  }
  useCommandKeys({ 'toggle-events': toggle });
  return (
    <Group orientation="vertical" {...remembered}>
      <Panel id="canvas-row" minSize={160}>
        {children}
      </Panel>
      <Separator className={styles['separator'] ?? ''} aria-label="Height of the events" />
      <Panel
        id="dock-row"
        panelRef={panel}
        collapsible
        collapsedSize={HEADER_HEIGHT}
        minSize={120}
        defaultSize={isOpen ? OPEN_HEIGHT : HEADER_HEIGHT}
        groupResizeBehavior="preserve-pixel-size"
        onResize={({ inPixels }) => setOpen(inPixels > HEADER_HEIGHT + 1)}
      >
        <section className={styles['dock']} aria-label="Events" data-region data-testid="dock">
          <h2 className={styles['dockTitle']}>Events</h2>
          <Region>{isOpen ? <EventsPanel /> : null}</Region>
          <IconButton
            label={isOpen ? 'Fold the events away' : 'Show the events'}
            shortcut={commands['toggle-events'].keys[0]}
            aria-expanded={isOpen}
            data-testid="toggle-dock"
            onPress={toggle}
          >
            {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronUp size={16} aria-hidden />}
          </IconButton>
        </section>
      </Panel>
    </Group>
  );
}
