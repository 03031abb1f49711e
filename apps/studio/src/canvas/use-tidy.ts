/**
 * Tidy with the heights as they are drawn now, then everything in view.
 */
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { tidy } from './tidy.ts';
import { useFit } from './use-fit.ts';

export function useTidy(): () => Promise<void> {
  const { getNodes } = useReactFlow();
  const fit = useFit();
  return useCallback(async () => {
    const heights = getNodes().flatMap(({ id, measured }) =>
      measured?.height === undefined ? [] : [[id, measured.height] as const],
    );
    await tidy(new Map(heights));
    requestAnimationFrame(() => fit());
  }, [getNodes, fit]);
}
