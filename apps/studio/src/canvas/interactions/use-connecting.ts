/**
 * Drawing a link with the pointer: where it may end, what happens when it ends elsewhere.
 */
import { useReactFlow } from '@xyflow/react';
import type { FinalConnectionState, HandleType } from '@xyflow/react';
import { useMemo } from 'react';
import type { RefObject } from 'react';
import { getDocument } from '../../document/document-store.ts';
import { functionStore } from '../../library/function-store.ts';
import { refusalOf } from '../connection-rule.ts';
import { connectPorts } from '../gestures.ts';
import {
  clearRefusal,
  interact,
  interactionStore,
  letRefusalFade,
  stopInteraction,
} from './interaction-store.ts';
import type { LinkEnd } from './interaction-store.ts';
import { edgeToNode } from './link-targets.ts';

interface Ends {
  readonly source: string;
  readonly target: string;
  readonly targetHandle?: string | null;
}

const isAllowed = ({ source, target, targetHandle }: Ends): boolean =>
  typeof targetHandle === 'string' &&
  refusalOf(getDocument(), functionStore.getState().functions, {
    from: source,
    to: target,
    parameter: targetHandle,
  }) === undefined;

interface StartParams {
  readonly nodeId: string | null;
  readonly handleId: string | null;
  readonly handleType: HandleType | null;
}

function linkEndOf({ nodeId, handleId, handleType }: StartParams): LinkEnd | undefined {
  if (nodeId === null || handleId === null) return undefined;
  if (handleType === 'source') return { at: 'result', node: nodeId };
  return { at: 'parameter', node: nodeId, parameter: handleId };
}

const pointOf = (event: MouseEvent | TouchEvent): { x: number; y: number } => {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
};

function nodeUnder(event: MouseEvent | TouchEvent): string | undefined {
  const { x, y } = pointOf(event);
  const element = document.elementFromPoint(x, y)?.closest('.react-flow__node');
  return element?.getAttribute('data-id') ?? undefined;
}

const isOverPane = (event: MouseEvent | TouchEvent): boolean => {
  const { x, y } = pointOf(event);
  return document.elementFromPoint(x, y)?.classList.contains('react-flow__pane') === true;
};

export function useConnecting(region: RefObject<HTMLDivElement | null>) {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(() => {
    /** A link dropped on a node takes its first free place; dropped in the void it asks what to add. */
    function finishElsewhere(event: MouseEvent | TouchEvent, from: LinkEnd): void {
      const node = nodeUnder(event);
      const { functions } = functionStore.getState();
      if (node !== undefined && functions !== undefined) {
        const edge = edgeToNode(getDocument(), functions, from, node);
        if (edge !== undefined) connectPorts(edge);
        return;
      }
      const bounds = region.current?.getBoundingClientRect();
      if (!isOverPane(event) || bounds === undefined) return;
      const { x, y } = pointOf(event);
      const place = screenToFlowPosition({ x, y: y - 52 });
      interact({
        is: 'adding',
        place: from.at === 'result' ? place : { x: place.x - 208, y: place.y },
        anchor: { x: x - bounds.left, y: y - bounds.top },
        link: from,
      });
    }
    return {
      isValidConnection: isAllowed,
      onConnectStart: (_event: MouseEvent | TouchEvent, params: StartParams) => {
        clearRefusal();
        const from = linkEndOf(params);
        if (from !== undefined) interact({ is: 'dragging-link', from });
      },
      onConnect: ({ source, target, targetHandle }: Ends) => {
        if (typeof targetHandle === 'string') {
          connectPorts({ from: source, to: target, parameter: targetHandle });
        }
      },
      onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
        const { interaction } = interactionStore.getState();
        stopInteraction();
        letRefusalFade();
        if (state.isValid !== null || interaction.is !== 'dragging-link') return;
        finishElsewhere(event, interaction.from);
      },
    };
  }, [region, screenToFlowPosition]);
}
