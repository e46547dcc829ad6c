/** Where everything stands on the stage: servers on a ring, clients beside it, messages on the right-hand lane of their line. */
import { pointRadial, scalePoint } from 'd3';
import type { StagePicture } from '../../src/view/stage.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placement {
  readonly width: number;
  readonly height: number;
  /** Radius of a server's shape. */
  readonly radius: number;
  readonly at: ReadonlyMap<number, Point>;
}

/** Room for a server's labels below its shape. */
const LABELS = 56;
/** Width that clients take on each side. */
const SIDE = 88;

export function placeStage({ servers, clients }: Pick<StagePicture, 'servers' | 'clients'>, width: number, height: number): Placement {
  const isSmall = width < 480;
  const radius = servers.length > 7 || isSmall ? 22 : 28;
  const at = new Map<number, Point>();
  const [left, right] = [clients.filter((_, i) => i % 2 === 0), clients.filter((_, i) => i % 2 === 1)];
  const margin = clients.length === 0 ? 0 : SIDE * (isSmall ? 0.78 : 1);
  const [leftSide, rightSide] = [left.length > 0 ? margin : 0, right.length > 0 ? margin : 0];
  const centre = { x: leftSide + (width - leftSide - rightSide) / 2, y: radius + 20 + (height - LABELS - 2 * radius - 20) / 2 };
  const rx = Math.min((width - leftSide - rightSide) / 2 - radius - 34, 300);
  const ry = Math.min((height - LABELS - 2 * radius - 20) / 2, 220);
  servers.forEach(({ node }, i) => {
    const [x, y] = pointRadial((2 * Math.PI * i) / servers.length, 1);
    at.set(node, servers.length === 1 ? centre : { x: centre.x + x * rx, y: centre.y + y * ry });
  });
  for (const [side, x] of [
    [left, isSmall ? 46 : 54],
    [right, width - (isSmall ? 46 : 54)],
  ] as const) {
    const rows = scalePoint<number>(
      side.map(({ node }) => node),
      [40, height - 60],
    ).padding(0.5);
    for (const { node } of side) at.set(node, { x, y: rows(node) ?? height / 2 });
  }
  return { width, height, radius, at };
}

/** A point on the way from one node to another, between the rims of their shapes, shifted to the right of the direction of travel. */
export function onLane(from: Point, to: Point, progress: number, rim: number, lane = 7): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.max(1, Math.hypot(dx, dy));
  const [ux, uy] = [dx / length, dy / length];
  const distance = rim + (length - 2 * rim) * progress;
  return { x: from.x + ux * distance - uy * lane, y: from.y + uy * distance + ux * lane };
}

/** Angle of travel in degrees, for glyphs that point ahead. */
export function heading(from: Point, to: Point): number {
  return (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
}
