/**
 * Tidy with the heights as they are drawn now, then everything in view.
 */
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { motionMs } from '../design/motion.ts';
import { tidy } from './tidy.ts';

export const FIT_VIEW_AT_START = { padding: '32px', maxZoom: 1 } as const;

export const fitViewOptions = () => ({ ...FIT_VIEW_AT_START, duration: motionMs(160) });

export function useTidy(): () => Promise<void> {
  const { getNodes, fitView } = useReactFlow();
  return useCallback(async () => {
    const heights = getNodes().flatMap(({ id, measured }) =>
      measured?.height === undefined ? [] : [[id, measured.height] as const],
    );
    await tidy(new Map(heights));
    requestAnimationFrame(() => void fitView(fitViewOptions()));
  }, [getNodes, fitView]);
}
