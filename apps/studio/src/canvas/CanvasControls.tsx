/**
 * Zoom, fit and tidy, at the lower left of the canvas.
 */
import { Panel, useReactFlow, useViewport } from '@xyflow/react';
import { Maximize, Minus, Plus, Workflow } from 'lucide-react';
import { motionMs } from '../design/motion.ts';
import { IconButton } from '../design/primitives/Button.tsx';
import { keepFitted } from './fitted-view.ts';
import { useFit } from './use-fit.ts';
import { useTidy } from './use-tidy.ts';
import styles from './Canvas.module.css';

function zoomBy(zoom: (options: { readonly duration: number }) => Promise<boolean>): void {
  keepFitted(false);
  void zoom({ duration: motionMs(120) });
}

export function CanvasControls() {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const fit = useFit();
  const { zoom } = useViewport();
  const tidyAll = useTidy();
  return (
    <Panel position="bottom-left" className={styles['controls'] ?? ''}>
      <IconButton label="Zoom out" onPress={() => zoomBy(zoomOut)}>
        <Minus size={16} aria-hidden />
      </IconButton>
      <button
        type="button"
        className={styles['zoom']}
        aria-label={`Zoom ${Math.round(zoom * 100)} percent. Set to 100 percent`}
        onClick={() => zoomBy((options) => zoomTo(1, options))}
      >
        {Math.round(zoom * 100)} %
      </button>
      <IconButton label="Zoom in" onPress={() => zoomBy(zoomIn)}>
        <Plus size={16} aria-hidden />
      </IconButton>
      <span className={styles['divider']} />
      <IconButton label="Fit everything in view" shortcut="1" onPress={() => fit()}>
        <Maximize size={16} aria-hidden />
      </IconButton>
      <IconButton label="Tidy up" shortcut="l" data-testid="tidy" onPress={() => void tidyAll()}>
        <Workflow size={16} aria-hidden />
      </IconButton>
    </Panel>
  );
}
