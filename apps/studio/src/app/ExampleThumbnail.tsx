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

const WIDTH = 40;
const HEIGHT = 22;

const shapes: ReadonlyMap<string, Shape> = new Map([
  [
    'composition',
    {
      boxes: [
        { x: 90, y: 37 },
        { x: 154, y: 37 },
      ],
      links: [[0, 1]],
    },
  ],
  [
    'weather',
    {
      boxes: [
        { x: 10, y: 37 },
        { x: 66, y: 37 },
        { x: 122, y: 37 },
        { x: 178, y: 16 },
        { x: 178, y: 58 },
        { x: 234, y: 37 },
      ],
      links: [
        [0, 1],
        [1, 2],
        [2, 3],
        [2, 4],
        [3, 5],
        [4, 5],
      ],
    },
  ],
  [
    'timeline',
    {
      boxes: [
        { x: 26, y: 16 },
        { x: 26, y: 58 },
        { x: 90, y: 16 },
        { x: 154, y: 16 },
        { x: 154, y: 58 },
        { x: 218, y: 37 },
      ],
      links: [
        [0, 2],
        [2, 3],
        [1, 4],
        [3, 5],
        [4, 5],
      ],
    },
  ],
]);

const plain: Shape = { boxes: [{ x: 122, y: 37 }], links: [] };

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
          <rect x={x + 7} y={y + 9} width="16" height="4" rx="2" fill="var(--line-strong)" />
          <rect x={x + 28} y={y + 8} width="6" height="6" fill="var(--accent)" />
        </g>
      ))}
    </svg>
  );
}
