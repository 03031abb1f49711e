/**
 * Draws one mark. Decorative unless `words` is asked for: the words stand beside it or in its owner's
 * label.
 */
import { markShapes, type MarkKind } from './mark-shapes.ts';

interface MarkProps {
  readonly kind: MarkKind;
  /** CSS pixels. */
  readonly size?: number | undefined;
  /** Say the words of the mark to screen readers. */
  readonly isSpoken?: boolean | undefined;
}

export function Mark({ kind, size = 11, isSpoken = false }: MarkProps) {
  const shape = markShapes[kind];
  const label = isSpoken
    ? ({ role: 'img', 'aria-label': shape.words } as const)
    : { 'aria-hidden': true };
  return (
    <svg {...label} width={size} height={size} viewBox="0 0 12 12" style={{ flex: 'none' }}>
      <path
        d={shape.path}
        fill={shape.drawn === 'filled' ? shape.colour : 'none'}
        stroke={shape.drawn === 'outlined' ? shape.colour : 'none'}
        strokeWidth={1.7}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
