/** Where each state was first reached from, and by which of the moves there: six bytes a state. */
export interface Paths {
  from: Int32Array;
  move: Uint16Array;
  length: number;
}

export function makePaths(): Paths {
  return { from: new Int32Array(1024), move: new Uint16Array(1024), length: 0 };
}

export function addPath(paths: Paths, from: number, move: number): void {
  if (paths.length === paths.from.length) {
    const wider = { from: new Int32Array(paths.length * 2), move: new Uint16Array(paths.length * 2) };
    wider.from.set(paths.from);
    wider.move.set(paths.move);
    Object.assign(paths, wider);
  }
  paths.from[paths.length] = from;
  paths.move[paths.length] = move;
  paths.length += 1;
}

/** The moves from the beginning to the state. */
export function pathTo({ from, move }: Paths, state: number): number[] {
  const moves: number[] = [];
  for (let at = state; at > 0; at = from[at] ?? 0) moves.push(move[at] ?? 0);
  return moves.reverse();
}
