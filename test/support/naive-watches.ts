// The watches of a server as a list of who watches what, looked through from end to end for every change: the slow twin of WatchManager.

import type { WatchEventType } from '../../src/server/protocol.ts';

export type NaiveMode = 'STANDARD' | 'PERSISTENT' | 'PERSISTENT_RECURSIVE';

interface Entry {
  readonly table: 'data' | 'child';
  readonly path: string;
  readonly connection: number;
  readonly mode: NaiveMode;
}

export interface NaiveWatches {
  readonly oneMode: boolean;
  entries: Entry[];
}

export function addNaive(watches: NaiveWatches, entry: Entry): void {
  const { oneMode, entries } = watches;
  watches.entries = entries.filter((each) => !isAt(each, entry) || (!oneMode && each.mode !== entry.mode)).concat(entry);
}

function isAt(a: Omit<Entry, 'mode'>, b: Omit<Entry, 'mode'>): boolean {
  return a.table === b.table && a.path === b.path && a.connection === b.connection;
}

const isBelow = (path: string, ancestor: string): boolean => path !== ancestor && path.startsWith(ancestor === '/' ? '/' : `${ancestor}/`);

/** Who hears of it: each connection once. */
function fire(watches: NaiveWatches, table: Entry['table'], path: string, event: WatchEventType): number[] {
  const heard = watches.entries.filter(
    (each) =>
      each.table === table &&
      (each.mode === 'PERSISTENT_RECURSIVE'
        ? event !== 'NodeChildrenChanged' && (each.path === path || isBelow(path, each.path))
        : each.path === path),
  );
  watches.entries = watches.entries.filter((each) => each.mode !== 'STANDARD' || !heard.includes(each));
  return [...new Set(heard.map(({ connection }) => connection))];
}

/** H1: what each change tells whom, as `connection event path`. */
export function fireNaive(watches: NaiveWatches, change: 'create' | 'delete' | 'setData', path: string): string[] {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  const event = change === 'create' ? 'NodeCreated' : change === 'delete' ? 'NodeDeleted' : 'NodeDataChanged';
  const first = fire(watches, 'data', path, event);
  const again = change === 'delete' ? fire(watches, 'child', path, event).filter((each) => !first.includes(each)) : [];
  const third = change === 'setData' ? [] : fire(watches, 'child', parent, 'NodeChildrenChanged');
  return [...first, ...again]
    .map((each) => `${each} ${event} ${path}`)
    .concat(third.map((each) => `${each} NodeChildrenChanged ${parent}`));
}
