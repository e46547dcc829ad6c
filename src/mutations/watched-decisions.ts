/** A decision table that tells when one of its points is asked for: to say which decision an event went by. */
import type { DecisionTable } from './mutation.ts';

/** Such as `newLeaderPlan` of zab. */
export interface DecisionPoint {
  readonly layer: keyof DecisionTable;
  readonly name: string;
}

export function watchedDecisions(table: DecisionTable, onAsked: (point: DecisionPoint) => void): DecisionTable {
  return {
    zab: watched('zab', table.zab, onAsked),
    server: watched('server', table.server, onAsked),
    client: watched('client', table.client, onAsked),
    kernel: watched('kernel', table.kernel, onAsked),
  };
}

function watched<T extends object>(layer: keyof DecisionTable, points: T, onAsked: (point: DecisionPoint) => void): T {
  const made = { ...points };
  for (const [name, value] of Object.entries(points)) {
    const get = (): unknown => {
      onAsked({ layer, name });
      return value;
    };
    Object.defineProperty(made, name, { get, enumerable: true });
  }
  return made;
}

export interface DecisionDifference extends DecisionPoint {
  readonly left: unknown;
  readonly right: unknown;
}

/** The points where two tables say something else. */
export function decisionDifferences(left: DecisionTable, right: DecisionTable): DecisionDifference[] {
  const layers = ['zab', 'server', 'client', 'kernel'] as const;
  return layers.flatMap((layer) => {
    const other = new Map<string, unknown>(Object.entries(right[layer]));
    return Object.entries(left[layer]).flatMap(([name, value]: [string, unknown]) =>
      saysTheSame(value, other.get(name)) ? [] : [{ layer, name, left: value, right: other.get(name) }],
    );
  });
}

/** Predicates are the same only as the same function; plans by what they list. */
function saysTheSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  return typeof left === 'object' && typeof right === 'object' && JSON.stringify(left) === JSON.stringify(right);
}
