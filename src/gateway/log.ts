/** Lines for whoever runs the gateway, so many of a kind in a while: ten thousand broken clients must not fill a disk. */

export interface Log {
  /** `kind` is what the limit counts. */
  readonly say: (kind: string, line: string) => void;
}

const LINES_MAX = 10;
const WHILE_MS = 10_000;

export function makeLog(write: (line: string) => void, now: () => number = () => performance.now()): Log {
  const kinds = new Map<string, { since: number; said: number; left: number }>();
  return {
    say: (kind, line) => {
      const at = now();
      const known = kinds.get(kind);
      if (known !== undefined && at - known.since < WHILE_MS) {
        if (known.said >= LINES_MAX) {
          known.left += 1;
          return;
        }
        known.said += 1;
        return write(line);
      }
      if (known !== undefined && known.left > 0) write(`${known.left} more such lines were left out (${kind})`);
      kinds.set(kind, { since: at, said: 1, left: 0 });
      write(line);
    },
  };
}
