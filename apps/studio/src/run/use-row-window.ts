/**
 * Which rows of a long table are in view. Rows have one height. A list that `follows` and stands at its
 * end stays at its end while it grows; one that a person scrolled away from stays where it is.
 */
import { useCallback, useLayoutEffect, useRef, useState } from 'react';

/** CSS pixels; the style sheet says the same. */
export const EVENT_ROW_HEIGHT = 26;
const OVERSCAN = 8;
const NEAR_END_PX = 40;

export interface RowWindow {
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  readonly scrollRef: (element: HTMLElement | null) => void;
  readonly onScroll: () => void;
  /** Brings a row into view, by its position in the list; does nothing when it is there already. */
  readonly reveal: (index: number) => void;
}

/** `list` names what is listed: another list begins at its top. */
export function useRowWindow(list: string, count: number, follows: boolean): RowWindow {
  const element = useRef<HTMLElement | null>(null);
  const isAtEnd = useRef(true);
  /** The last rows may come together with the end of what was followed. */
  const hasFollowed = useRef(false);
  const [view, setView] = useState({ top: 0, height: 400 });

  const measure = useCallback(() => {
    const box = element.current;
    if (box === null) return;
    isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
    setView((before) =>
      before.top === box.scrollTop && before.height === box.clientHeight
        ? before
        : { top: box.scrollTop, height: box.clientHeight },
    );
  }, []);

  const scrollRef = useCallback(
    (box: HTMLElement | null) => {
      element.current = box;
      if (box === null) return undefined;
      const observer = new ResizeObserver(measure);
      observer.observe(box);
      return () => {
        observer.disconnect();
      };
    },
    [measure],
  );

  useLayoutEffect(() => {
    const box = element.current;
    hasFollowed.current ||= follows;
    if (box === null || !isAtEnd.current || !hasFollowed.current) return;
    box.scrollTop = box.scrollHeight;
    measure();
  }, [count, follows, measure]);

  useLayoutEffect(() => {
    if (element.current !== null) element.current.scrollTop = 0;
    isAtEnd.current = true;
    hasFollowed.current = follows;
    measure();
    // Only another list begins anew.
    // eslint-disable-next-line react/exhaustive-deps
  }, [list]);

  const reveal = useCallback((index: number) => {
    const { current: box } = element;
    if (box === null) return;
    const top = index * EVENT_ROW_HEIGHT;
    // The head of the table stays over the first row in view.
    const heightInView = box.clientHeight - EVENT_ROW_HEIGHT;
    if (top >= box.scrollTop && top + EVENT_ROW_HEIGHT <= box.scrollTop + heightInView) return;
    const rowsAbove = Math.floor(heightInView / EVENT_ROW_HEIGHT / 2);
    box.scrollTop = Math.max(0, top - rowsAbove * EVENT_ROW_HEIGHT);
  }, []);

  const first = Math.max(0, Math.floor(view.top / EVENT_ROW_HEIGHT) - OVERSCAN);
  const visible = Math.ceil(view.height / EVENT_ROW_HEIGHT) + 2 * OVERSCAN;
  return {
    first: Math.min(first, count),
    last: Math.min(count, first + visible),
    scrollRef,
    onScroll: measure,
    reveal,
  };
}
