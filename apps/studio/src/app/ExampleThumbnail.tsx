/**
 * A small picture of an example's shape: boxes and links, nothing that pretends to be data.
 */
interface Box {
  readonly x: number;
  readonly y: number;
}

interface Shape {
  readonly boxes: readonly Box[];
  /** Pairs of positions in `boxes`. */
  readonly links: readonly (readonly [number, number])[];
}

const WIDTH = 46;
const HEIGHT = 22;

const shapes: ReadonlyMap<string, Shape> = new Map([
  [
    'composition',
    {
      boxes: [
        { x: 70, y: 37 },
        { x: 164, y: 37 },
      ],
      links: [[0, 1]],
    },
  ],
  [
    'weather',
    {
      boxes: [
        { x: 14, y: 37 },
        { x: 86, y: 37 },
        { x: 158, y: 14 },
        { x: 158, y: 60 },
        { x: 224, y: 37 },
      ],
      links: [
        [0, 1],
        [1, 2],
        [1, 3],
        [2, 4],
        [3, 4],
      ],
    },
  ],
  [
    'timeline',
    {
      boxes: [
        { x: 34, y: 14 },
        { x: 34, y: 60 },
        { x: 118, y: 37 },
        { x: 202, y: 37 },
      ],
      links: [
        [0, 2],
        [1, 2],
        [2, 3],
      ],
    },
  ],
]);

const plain: Shape = { boxes: [{ x: 117, y: 37 }], links: [] };

function curve(from: Box, to: Box): string {
  const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

export function ExampleThumbnail({ id }: { readonly id: string }) {
  const { boxes, links } = shapes.get(id) ?? plain;
  return (
    <svg
      viewBox="0 0 284 96"
      aria-hidden
      style={{ width: '100%', height: 'auto', display: 'block' }}
    >
      <g fill="none" stroke="var(--edge)" strokeWidth="1.5">
        {links.map(([from, to]) => {
          const [start, end] = [boxes[from], boxes[to]];
          if (start === undefined || end === undefined) return null;
          return <path key={`${from}-${to}`} d={curve(start, end)} />;
        })}
      </g>
      {boxes.map(({ x, y }) => (
        <g key={`${x}-${y}`}>
          <rect
            x={x}
            y={y}
            width={WIDTH}
            height={HEIGHT}
            rx="5"
            fill="var(--surface-panel)"
            stroke="var(--line-control)"
          />
          <rect x={x + 8} y={y + 9} width="20" height="4" rx="2" fill="var(--line-strong)" />
          <rect x={x + 33} y={y + 8} width="6" height="6" fill="var(--accent)" />
        </g>
      ))}
    </svg>
  );
}
