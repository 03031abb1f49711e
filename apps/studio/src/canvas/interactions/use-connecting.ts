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
import type { Refusal } from '../connection-rule.ts';
import { connectPorts } from '../gestures.ts';
import { NODE_WIDTH, portMiddle } from '../node-geometry.ts';
import {
  clearRefusal,
  interact,
  interactionStore,
  letRefusalFade,
  showRefusal,
  stopInteraction,
} from './interaction-store.ts';
import type { LinkEnd } from './interaction-store.ts';
import { edgeToNode } from './link-targets.ts';
import {
  edgeBetween,
  isOverPane,
  linkEndOf,
  nodeUnder,
  pointOf,
  portUnder,
} from './pointer-targets.ts';
import type { PointerLike } from './pointer-targets.ts';

type Region = RefObject<HTMLDivElement | null>;

interface Ends {
  readonly source: string;
  readonly target: string;
  readonly targetHandle?: string | null;
}

interface StartParams {
  readonly nodeId: string | null;
  readonly handleId: string | null;
  readonly handleType: HandleType | null;
}

const edgeOf = ({ source, target, targetHandle }: Ends) => ({
  from: source,
  to: target,
  parameter: targetHandle ?? '',
});

const functionsNow = () => functionStore.getState().functions;

function start(_event: PointerLike, { nodeId, handleId, handleType }: StartParams): void {
  clearRefusal();
  const from = linkEndOf(nodeId, handleId, handleType);
  if (from !== undefined) interact({ is: 'dragging-link', from });
}

/** Where the pointer is, in pixels from the corner of the canvas region. */
function pointIn(region: Region, event: PointerLike) {
  const bounds = region.current?.getBoundingClientRect();
  const { x, y } = pointOf(event);
  return { x: x - (bounds?.left ?? 0), y: y - (bounds?.top ?? 0) };
}

function refuse(region: Region, event: PointerLike, refusal: Refusal): void {
  showRefusal({ ...refusal, ...pointIn(region, event) });
  letRefusalFade();
}

/** A link dropped on a node takes its first free place. */
function finishOnNode(region: Region, event: PointerLike, from: LinkEnd, node: string): void {
  const edge = edgeToNode(getDocument(), functionsNow() ?? new Map(), from, node);
  if (edge !== undefined) connectPorts(edge);
  else if (from.node !== node) {
    refuse(region, event, { reason: `Nothing of ${node} can take this link.`, path: [] });
  }
}

/** One click on a port begins a link, the second ends it. React Flow connects what is allowed. */
function finishClick(region: Region, event: PointerLike): void {
  const { interaction } = interactionStore.getState();
  const to = portUnder(event);
  stopInteraction();
  if (interaction.is !== 'dragging-link' || to === undefined) return;
  const edge = edgeBetween(interaction.from, to);
  if (edge === undefined || getDocument().edges.some((other) => isSame(other, edge))) return;
  const refusal = refusalOf(getDocument(), functionsNow(), edge);
  if (refusal !== undefined) refuse(region, event, refusal);
}

const isSame = (
  a: { from: string; to: string; parameter: string },
  b: { from: string; to: string; parameter: string },
): boolean => a.from === b.from && a.to === b.to && a.parameter === b.parameter;

export function useConnecting(region: Region) {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(() => {
    /** A link dropped in the void asks what to add there, its port where the pointer is. */
    function finishInVoid(event: PointerLike, link: LinkEnd): void {
      const point = screenToFlowPosition(pointOf(event));
      const left = link.at === 'result' ? point.x : point.x - NODE_WIDTH;
      const place = { x: left, y: point.y - portMiddle(0) };
      interact({ is: 'adding', place, anchor: pointIn(region, event), link });
    }

    return {
      isValidConnection: (ends: Ends) =>
        refusalOf(getDocument(), functionsNow(), edgeOf(ends)) === undefined,
      onConnectStart: start,
      onClickConnectStart: start,
      onClickConnectEnd: (event: PointerLike) => finishClick(region, event),
      onConnect: (ends: Ends) => connectPorts(edgeOf(ends)),
      onConnectEnd: (event: PointerLike, { isValid }: FinalConnectionState) => {
        const { interaction } = interactionStore.getState();
        stopInteraction();
        letRefusalFade();
        if (isValid !== null || interaction.is !== 'dragging-link') return;
        const node = nodeUnder(event);
        if (node !== undefined) finishOnNode(region, event, interaction.from, node);
        else if (isOverPane(event)) finishInVoid(event, interaction.from);
      },
    };
  }, [region, screenToFlowPosition]);
}
