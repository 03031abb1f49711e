/**
 * The reason why the port under the pointer refuses the link that is being drawn, right there.
 */
import { useConnection } from '@xyflow/react';
import { Ban } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { getDocument } from '../../document/document-store.ts';
import { functionStore } from '../../library/function-store.ts';
import { refusalOf } from '../connection-rule.ts';
import {
  clearRefusal,
  interactionStore,
  showRefusal,
  useInteraction,
} from './interaction-store.ts';
import styles from './ConnectionHint.module.css';

interface Point {
  readonly x: number;
  readonly y: number;
}

const SEPARATOR = '\u0000';

/** The refused edge under the pointer as one string, so that moving inside a port changes nothing. */
function useRefusedEdge(): string | undefined {
  return useConnection((connection) => {
    if (!connection.inProgress || connection.isValid !== false) return undefined;
    const { fromHandle, toHandle } = connection;
    if (toHandle === null || fromHandle.type === toHandle.type) return undefined;
    const [source, target] =
      fromHandle.type === 'source' ? [fromHandle, toHandle] : [toHandle, fromHandle];
    return [source.nodeId, target.nodeId, target.id ?? ''].join(SEPARATOR);
  });
}

function usePointerIn(region: RefObject<HTMLDivElement | null>) {
  const pointer = useRef<Point>({ x: 0, y: 0 });
  useEffect(() => {
    const element = region.current;
    if (element === null) return undefined;
    const follow = (event: PointerEvent) => {
      const bounds = element.getBoundingClientRect();
      pointer.current = { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
      const { refusal, interaction } = interactionStore.getState();
      if (refusal !== undefined && interaction.is === 'dragging-link') {
        interactionStore.setState({ refusal: { ...refusal, ...pointer.current } });
      }
    };
    element.addEventListener('pointermove', follow, { capture: true });
    return () => element.removeEventListener('pointermove', follow, { capture: true });
  }, [region]);
  return pointer;
}

export function ConnectionHint({ region }: { readonly region: RefObject<HTMLDivElement | null> }) {
  const refused = useRefusedEdge();
  const pointer = usePointerIn(region);
  const refusal = useInteraction((state) => state.refusal);

  useEffect(() => {
    if (refused === undefined) {
      if (interactionStore.getState().interaction.is === 'dragging-link') clearRefusal();
      return;
    }
    const [from = '', to = '', parameter = ''] = refused.split(SEPARATOR);
    const { functions } = functionStore.getState();
    const found = refusalOf(getDocument(), functions, { from, to, parameter });
    if (found !== undefined) showRefusal({ ...found, ...pointer.current });
  }, [refused, pointer]);

  if (refusal === undefined) return null;
  const width = region.current?.clientWidth ?? 0;
  const isRight = refusal.x > width / 2;
  return (
    <div
      className={styles['hint']}
      data-testid="refusal"
      data-side={isRight ? 'left' : 'right'}
      style={{ transform: `translate(${refusal.x}px, ${refusal.y}px)` }}
    >
      <span className={styles['sentence']}>
        <Ban size={14} aria-hidden />
        {refusal.reason}
      </span>
    </div>
  );
}
