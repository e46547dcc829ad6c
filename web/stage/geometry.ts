/** Where everything stands on the stage: servers on a ring, clients around it, messages on the right-hand lane of their line. */
import { scalePoint } from 'd3';
import type { StagePicture } from '../../src/view/stage.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a server's words stand, from the centre of its shape: below it, or outside of a crowded ring. */
export interface LabelPlace extends Point {
  readonly anchor: 'start' | 'middle' | 'end';
  /** The last line stands here instead of the first. */
  readonly growsUp: boolean;
}

export interface Placement {
  readonly width: number;
  readonly height: number;
  /** Radius of a server's shape. */
  readonly radius: number;
  readonly at: ReadonlyMap<number, Point>;
  readonly labels: ReadonlyMap<number, LabelPlace>;
  /** full: everything. compact: in few letters. short: one line of facts. least: the role, where it is not the usual one. */
  readonly words: 'full' | 'compact' | 'short' | 'least';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** From so many servers on their words stand outside of the ring. */
const MANY = 6;
const SMALL_WIDTH = 480;
/** Room for the words below a server, and for a client with its own. */
const WORDS_HEIGHT = 56;
const CLIENT_HEIGHT = 74;
const CLIENT_WIDTH = 88;
const CLIENT_WIDTH_SMALL = 70;

export function placeStage({ servers, clients }: Pick<StagePicture, 'servers' | 'clients'>, width: number, height: number): Placement {
  const isSmall = width < SMALL_WIDTH;
  const isMany = servers.length >= MANY;
  const radius = isSmall ? (isMany ? 18 : 22) : isMany ? 23 : 28;
  const at = new Map<number, Point>();
  const inner = placeClients(clients, width, height, isSmall && (isMany || clients.length > 2), at);
  const labels = new Map<number, LabelPlace>();
  const words = !isMany ? (isSmall ? 'compact' : 'full') : isSmall ? 'least' : 'short';
  const side = words === 'short' ? 92 : isMany ? 26 : 42;
  const above = isMany ? 38 : 20;
  const below = isMany ? 34 : WORDS_HEIGHT;
  const rx = Math.min((inner.right - inner.left) / 2 - radius - side, 300);
  const ry = Math.min((inner.bottom - inner.top - above - below) / 2 - radius, 220);
  const centre = {
    x: (inner.left + inner.right) / 2,
    y: inner.top + above + radius + (inner.bottom - inner.top - above - below - 2 * radius) / 2,
  };
  servers.forEach(({ node, role }, i) => {
    const angle = (2 * Math.PI * i) / servers.length;
    const [x, y] = servers.length === 1 ? [0, 0] : [Math.sin(angle), -Math.cos(angle)];
    at.set(node, { x: centre.x + x * rx, y: centre.y + y * ry });
    labels.set(
      node,
      words === 'short'
        ? outside({ x, y }, radius, role === 'leading')
        : { x: 0, y: radius + (isMany ? 14 : 19), anchor: 'middle', growsUp: false },
    );
  });
  return { width, height, radius, at, labels, words };
}

/** In columns beside the ring, or in a row below it; returns what is left for the ring. */
function placeClients(clients: StagePicture['clients'], width: number, height: number, isRow: boolean, at: Map<number, Point>): Box {
  if (clients.length === 0) return { left: 0, right: width, top: 0, bottom: height };
  if (isRow) {
    const places = scalePoint<number>(
      clients.map(({ node }) => node),
      [0, width],
    ).padding(0.5);
    for (const { node } of clients) at.set(node, { x: places(node) ?? 0, y: height - CLIENT_HEIGHT + 22 });
    return { left: 0, right: width, top: 0, bottom: height - CLIENT_HEIGHT };
  }
  const room = width < SMALL_WIDTH ? CLIENT_WIDTH_SMALL : CLIENT_WIDTH;
  const x = width < SMALL_WIDTH ? 46 : 54;
  const [left, right] = [clients.filter((_, i) => i % 2 === 0), clients.filter((_, i) => i % 2 === 1)];
  placeColumn(left, x, height, at);
  placeColumn(right, width - x, height, at);
  return { left: room, right: right.length > 0 ? width - room : width, top: 0, bottom: height };
}

function placeColumn(clients: StagePicture['clients'], x: number, height: number, at: Map<number, Point>): void {
  const places = scalePoint<number>(
    clients.map(({ node }) => node),
    [40, height - 60],
  ).padding(0.5);
  for (const { node } of clients) at.set(node, { x, y: places(node) ?? height / 2 });
}

/** `direction` points from the middle of the ring to the server. A crown stands in the way above. */
function outside(direction: Point, radius: number, hasCrown: boolean): LabelPlace {
  if (Math.abs(direction.x) < 0.2) {
    if (direction.y > 0) return { x: 0, y: radius + 15, anchor: 'middle', growsUp: false };
    return { x: 0, y: -radius - (hasCrown ? 27 : 10), anchor: 'middle', growsUp: true };
  }
  return { x: direction.x > 0 ? radius + 10 : -radius - 10, y: -2, anchor: direction.x > 0 ? 'start' : 'end', growsUp: false };
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
