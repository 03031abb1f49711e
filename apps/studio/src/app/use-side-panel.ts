/**
 * A panel at the side that can be folded away and brought back.
 */
import { useRef, useState } from 'react';
import type { PanelImperativeHandle, PanelSize } from 'react-resizable-panels';

export function useSidePanel() {
  const panelRef = useRef<PanelImperativeHandle>(null);
  const [isOpen, setOpen] = useState(true);
  const toggle = () => {
    const { current } = panelRef;
    if (current?.isCollapsed() === true) current.expand();
    else current?.collapse();
  };
  const panel = {
    panelRef,
    collapsible: true,
    collapsedSize: 0,
    groupResizeBehavior: 'preserve-pixel-size',
    onResize: ({ inPixels }: PanelSize) => setOpen(inPixels > 0),
  } as const;
  return { isOpen, toggle, panel };
}
