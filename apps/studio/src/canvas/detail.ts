/**
 * How much a node shows at a zoom (studio.md 3.6), and the zoom as the style sheets know it, so that print
 * keeps a legible size on the screen.
 */
export type Detail = 'near' | 'far' | 'farthest';

/** Below this the chips of reads and writes cannot be read: their counts are shown, larger. */
const FAR_ZOOM = 0.75;
const FARTHEST_ZOOM = 0.4;

export function detailAt(zoom: number): Detail {
  if (zoom < FARTHEST_ZOOM) return 'farthest';
  return zoom < FAR_ZOOM ? 'far' : 'near';
}

/** In steps, so that a zoom gesture does not lay out every node sixty times a second. */
const STEPS = 50;
/** Below this nothing is print any more. */
const PRINT_ZOOM_MIN = 0.25;

export function setPrintZoom(element: HTMLElement | null, zoom: number): void {
  const step = Math.floor(Math.min(1, Math.max(PRINT_ZOOM_MIN, zoom)) * STEPS) / STEPS;
  const text = String(step);
  if (element === null || element.style.getPropertyValue('--zoom') === text) return;
  element.style.setProperty('--zoom', text);
}
