/**
 * The fixed measures of a function node (studio.md 3.6): known before it is drawn, so nothing has to be
 * measured.
 */
export const NODE_WIDTH = 208;
export const HEADER_HEIGHT = 40;
const PORT_HEIGHT = 24;
const BOTTOM_PADDING = 12;
const PORT_SIZE = 12;
/** Places are multiples of this. */
export const GRID = 8;

/** 76 for up to one parameter, then one row for each. The region for the run grows below it. */
export const nodeHeight = (parameterCount: number): number =>
  HEADER_HEIGHT + PORT_HEIGHT * Math.max(1, parameterCount) + BOTTOM_PADDING;

/** Room below the ports for what a run shows there, so that nothing overlaps or moves when it runs. */
const RUN_ROOM = 64;
const RUN_ROOM_WITH_KEYS = 144;

export const heightWithRun = (parameterCount: number, usesCloud: boolean): number =>
  nodeHeight(parameterCount) + (usesCloud ? RUN_ROOM_WITH_KEYS : RUN_ROOM);

/** Middle of a port's row, from the top of the node. The result port is in the first row. */
export const portMiddle = (row: number): number =>
  HEADER_HEIGHT + PORT_HEIGHT * row + PORT_HEIGHT / 2;

export interface PortBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const portBox = (side: 'left' | 'right', row: number): PortBox => ({
  x: (side === 'left' ? 0 : NODE_WIDTH) - PORT_SIZE / 2,
  y: portMiddle(row) - PORT_SIZE / 2,
  width: PORT_SIZE,
  height: PORT_SIZE,
});
