/** What the properties of one run know: plain data that forks with the world. None of it is part of `stateKey`. */
import type { Note } from '../ensemble/note.ts';
import type { BootState } from './boot.ts';
import { copyHistory, type HistoryGhost } from './history-ghost.ts';
import type { NoteType, Where } from './fact.ts';
import { copyGhost, type Ghost } from './ghost.ts';
import { copyLive, type LiveState } from './live-state.ts';
import { copyWatches, type WatchGhost } from './watch-book.ts';
import { copyRecipes, type RecipeGhost } from './recipe-ghost.ts';
import type { Finding, PropertyId } from './violation.ts';

export interface CheckState {
  readonly ghost: Ghost;
  readonly watches: WatchGhost;
  readonly recipes: RecipeGhost;
  readonly history: HistoryGhost;
  readonly live: LiveState;
  readonly boot: BootState;
  /** How often each property had something to judge; 0 is "not exercised". */
  readonly counts: Record<PropertyId, number>;
}

/**
 * One property. `onNote` is called for the notes of its types, before the ghost learns them. Its first finding is kept.
 */
export interface Property {
  readonly id: PropertyId;
  readonly types: readonly NoteType[];
  readonly onNote: (check: CheckState, note: Note, where: Where) => Finding | null;
  /** The run is over, at this virtual time. */
  readonly atEnd?: (check: CheckState, at: number) => Finding | null;
}

export function makeCounts(): Record<PropertyId, number> {
  return { ...noCounts };
}

const noCounts: Record<PropertyId, number> = {
  'I-LEAD': 0,
  'I-INT': 0,
  'I-AGR': 0,
  'I-LOSS': 0,
  'I-UNC': 0,
  'I-PO': 0,
  'I-LOG': 0,
  'I-DIG': 0,
  'I-REC': 0,
  'I-CODE': 0,
  'I-FIFO': 0,
  'I-MONO': 0,
  'I-WORD': 0,
  'I-WLOST': 0,
  'I-EPH': 0,
  'I-SESS': 0,
  'I-BOOT': 0,
  'I-LIVE': 0,
  'I-MUTEX': 0,
  'I-RECIPE': 0,
  'I-LIN': 0,
  'I-SYNC': 0,
};

export function copyCheckState(check: CheckState): CheckState {
  return {
    ghost: copyGhost(check.ghost),
    watches: copyWatches(check.watches),
    recipes: copyRecipes(check.recipes),
    history: copyHistory(check.history),
    live: copyLive(check.live),
    boot: { ...check.boot },
    counts: { ...check.counts },
  };
}
