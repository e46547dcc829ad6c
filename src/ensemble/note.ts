/** Facts about machines and the network that the ensemble itself adds to those of its servers and clients, and the union of all notes. */
import type { Item } from '../base/step.ts';
import type { ClientNote } from '../client/note.ts';
import type { ServerNote } from '../server/note.ts';
import type { ZabNote } from '../zab/note.ts';
import type { Action } from './action.ts';

export type EnsembleFact =
  | { readonly type: 'node-up' }
  | { readonly type: 'node-down'; readonly how: 'kill' | 'power-loss' | 'exit'; readonly why: string }
  | { readonly type: 'node-paused' }
  | { readonly type: 'node-resumed' }
  /** A fault or operation from the script or from a person; `bit` is false when it found nothing to act on. */
  | { readonly type: 'acted'; readonly action: Action; readonly bit: boolean }
  /** From here no fault is active: everything is healed and started (I-LIVE). */
  | { readonly type: 'calm' }
  /**
   * A line of the script begins, gets what it waits for, or fails: not in time, because a name in it means nobody now, because its client is
   * down, or because it found nothing to act on. done after the last one. `text` is the line's own text, `name` whom it failed for.
   */
  | {
      readonly type: 'script';
      readonly line: number;
      readonly what: 'entered' | 'reached' | 'timed-out' | 'nobody' | 'down' | 'nothing' | 'done';
      readonly text: string;
      readonly name: string;
    }
  /** The script's own words for its reader. */
  | { readonly type: 'said'; readonly text: string };

export type Note = ZabNote | ServerNote | ClientNote | EnsembleFact;

/** The notes of an event: only servers, clients and the ensemble make any. */
export function notesOf(record: { readonly notes: readonly Item[] }): readonly Note[] {
  return record.notes as readonly Note[];
}
