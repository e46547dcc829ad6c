/** Which parts of a picture are worth asking for: those that can be seen, the costly ones a few times a second while the run plays. */
import type { Want } from '../../src/view/frame.ts';
import type { State, Tab } from '../store/state.ts';

const ROWS = 80;

export function wantOf(state: State, isFull: boolean): Want {
  if (!isFull) return { logColumns: 0, tree: -1, inspector: 'none', list: null, console: -1, properties: false, marksFrom: -1 };
  const sees = (tab: Tab): boolean => state.tab === tab || (!state.isNarrow && (tab === 'story' || tab === 'log'));
  return {
    logColumns: sees('log') ? state.logColumns : 0,
    tree: sees('tree') ? state.selected : -1,
    inspector: !sees('event') ? 'none' : state.isPlaying ? 'story' : 'cursor',
    list: sees('story') ? { mode: state.listMode, first: state.listFirst ?? 'cursor', count: ROWS } : null,
    console: sees('console') ? state.consoleNode : -1,
    properties: sees('properties'),
    marksFrom: state.marksUpTo,
  };
}
