/**
 * A small picture of a DAG: its nodes where they were placed, its links. Decorative.
 */
import type { DagDetail } from '@stormglass/core';

const WIDTH = 72;
const HEIGHT = 40;
const MARGIN = 4;
const BOX = { width: 10, height: 6 };

interface Point {
  readonly x: number;
  readonly y: number;
}

type Drawn = Pick<DagDetail, 'layout' | 'edges' | 'nodes'>;

const COLUMN = 264;
const ROW = 150;

/** Columns by the longest way there: what a DAG looks like that nobody has placed. */
function columnsOf({ nodes, edges }: Drawn): readonly (readonly [string, Point])[] {
  const column = new Map(nodes.map(({ id }) => [id, 0]));
  for (let round = 1; round < nodes.length; round += 1) {
    for (const { from, to } of edges) {
      column.set(to, Math.max(column.get(to) ?? 0, (column.get(from) ?? 0) + 1));
    }
  }
  const taken = new Map<number, number>();
  return [...column].map(([id, at]) => {
    const row = taken.get(at) ?? 0;
    taken.set(at, row + 1);
    return [id, { x: at * COLUMN, y: row * ROW }];
  });
}

/** Node id → corner of its box. */
function pointsOf(dag: Drawn): ReadonlyMap<string, Point> {
  const placed = Object.entries(dag.layout ?? {});
  const places = placed.length === 0 ? columnsOf(dag) : placed;
  if (places.length === 0) return new Map();
  const xs = places.map(([, { x }]) => x);
  const ys = places.map(([, { y }]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const room = { x: WIDTH - 2 * MARGIN - BOX.width, y: HEIGHT - 2 * MARGIN - BOX.height };
  // Boxes are drawn larger than they are: the places alone are to scale, and no sparse DAG is blown up.
  const scale = Math.min(room.x / Math.max(width, 528), room.y / Math.max(height, 184));
  const start = {
    x: (WIDTH - BOX.width - width * scale) / 2,
    y: (HEIGHT - BOX.height - height * scale) / 2,
  };
  return new Map(
    places.map(([id, { x, y }]) => [
      id,
      { x: start.x + (x - left) * scale, y: start.y + (y - top) * scale },
    ]),
  );
}

function curve(from: Point, to: Point): string {
  const middle = BOX.height / 2;
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + middle, to.x, to.y + middle];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

export function DagThumbnail({ dag }: { readonly dag: Drawn }) {
  const points = pointsOf(dag);
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
      <g fill="none" stroke="var(--edge)">
        {dag.edges.map(({ from, to, parameter }) => {
          const [start, end] = [points.get(from), points.get(to)];
          if (start === undefined || end === undefined) return null;
          return <path key={`${from} ${to} ${parameter}`} d={curve(start, end)} />;
        })}
      </g>
      {[...points].map(([id, { x, y }]) => (
        <rect
          key={id}
          x={x}
          y={y}
          {...BOX}
          rx="2"
          fill="var(--surface-panel)"
          stroke="var(--line-control)"
        />
      ))}
    </svg>
  );
}
