/**
 * Runs the layout beside the page, so that a large DAG does not stop it.
 */
import { tidyLayout } from './tidy-layout.ts';
import type { LayoutRequest } from './tidy-layout.ts';

addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => {
  postMessage(tidyLayout(data));
});
