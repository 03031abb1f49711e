/**
 * A panel at the side that can be folded away and brought back at the width that it had.
 */
import { useRef, useState } from 'react';
import type { PanelImperativeHandle, PanelSize } from 'react-resizable-panels';

interface SidePanelOptions {
  readonly isOpenAtStart: boolean;
  /** CSS pixels. */
  readonly width: number;
  /** The person folded it or brought it back. */
  readonly onToggle?: ((isOpen: boolean) => void) | undefined;
}

export function useSidePanel({ isOpenAtStart, width, onToggle }: SidePanelOptions) {
  const panelRef = useRef<PanelImperativeHandle>(null);
  const lastWidth = useRef(width);
  const [isOpen, setOpen] = useState(isOpenAtStart);
  const toggle = () => {
    const { current } = panelRef;
    const willOpen = current?.isCollapsed() === true;
    if (willOpen) current?.resize(lastWidth.current);
    else current?.collapse();
    onToggle?.(willOpen);
  };
  const widen = (wide: number) => {
    const { current } = panelRef;
    const isWide = (current?.getSize().inPixels ?? 0) >= wide - 1;
    current?.resize(isWide ? width : wide);
  };
  const fold = () => panelRef.current?.collapse();
  const panel = {
    panelRef,
    collapsible: true,
    collapsedSize: 0,
    defaultSize: isOpenAtStart ? width : 0,
    groupResizeBehavior: 'preserve-pixel-size',
    onResize: ({ inPixels }: PanelSize) => {
      setOpen(inPixels > 0);
      if (inPixels > 0) lastWidth.current = inPixels;
    },
  } as const;
  return { isOpen, toggle, widen, fold, panel };
}
