/**
 * All that the page shows of one moment of a run, as plain data: what is shown is decided here, the page's components only place it. A part that
 * was not asked for is left out, so that a running picture costs little.
 */
import { hashText } from '../base/hash.ts';
import type { PropertyReport } from '../check/checker.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { TraceEvent } from '../ensemble/trace.ts';
import { namesOf } from '../words/names.ts';
import { consoleLines, type ConsoleLine } from './console-picture.ts';
import { differences } from './difference.ts';
import { fullList, narration, storyList, type EventListPicture, type ListWindow } from './event-list.ts';
import { eventPicture, type EventPicture, type EventRow } from './event-picture.ts';
import { logMatrix, type LogMatrix } from './log-matrix.ts';
import { propertiesPicture, type Light, type PropertiesPicture } from './property-picture.ts';
import { stagePicture, type StagePicture } from './stage.ts';
import { committedUpTo, entriesUpTo, marksOf, type Mark, type Tale } from './tale.ts';
import { treePicture, type TreePicture } from './tree-picture.ts';

/** What the page wants beside the stage. */
export interface Want {
  /** Columns of the log matrix; 0 for none. */
  readonly logColumns: number;
  /** Node of the server whose tree is wanted, -1 for none. */
  readonly tree: number;
  /** The cursor's event, or the newest of the story, which stays readable while the run plays. */
  readonly inspector: 'none' | 'cursor' | 'story';
  readonly list: (ListWindow & { readonly mode: 'story' | 'all' }) | null;
  /** Node of the client whose console is wanted, -1 for none. */
  readonly console: number;
  readonly properties: boolean;
  /** Marks of the tape from this entry of the tale on; -1 for none. */
  readonly marksFrom: number;
}

export interface Cursor {
  /** The last event that has happened at the cursor, 0 before the first. */
  readonly event: number;
  /** Its time. */
  readonly at: number;
  /** The moment shown: the event's time or later, before the next event. */
  readonly time: number;
  /** When the next event comes; null when it is not known or there is none. */
  readonly nextAt: number | null;
  /** Events of the run so far. */
  readonly head: number;
  readonly headTime: number;
  readonly hash: string;
}

export interface Frame {
  readonly cursor: Cursor;
  readonly stage: StagePicture;
  readonly narration: EventRow | null;
  readonly light: LightPicture;
  readonly logs?: LogMatrix;
  readonly tree?: TreePicture;
  readonly inspector?: EventPicture | null;
  readonly list?: EventListPicture;
  readonly console?: { readonly node: number; readonly lines: readonly ConsoleLine[] };
  readonly properties?: PropertiesPicture;
  readonly marks?: { readonly from: number; readonly upTo: number; readonly marks: readonly Mark[] };
}

/** The properties in one lamp; `first` is the violation that came first. */
export interface LightPicture {
  readonly light: Light;
  readonly held: number;
  readonly violated: number;
  readonly first: { readonly id: string; readonly event: number } | null;
}

/** The run around the moment. */
export interface Moment {
  /** The world at the cursor. */
  readonly ensemble: Ensemble;
  readonly tale: Tale;
  readonly reports: readonly PropertyReport[];
  readonly time: number;
  readonly nextAt: number | null;
  readonly head: number;
  readonly headTime: number;
  /** An event that has happened in full, with the worlds before and after it. */
  readonly eventAt: (id: number) => { readonly event: TraceEvent; readonly before: Ensemble; readonly after: Ensemble };
  readonly eventsBetween: (first: number, last: number) => readonly TraceEvent[];
}

export function frameOf(moment: Moment, want: Want): Frame {
  const { ensemble, tale, time, nextAt, head, headTime } = moment;
  const { world } = ensemble;
  const names = namesOf(ensemble);
  const properties = propertiesPicture(moment.reports, names);
  return {
    cursor: { event: world.events, at: world.now, time, nextAt, head, headTime, hash: hashText(world.hash) },
    stage: stagePicture(ensemble),
    narration: narration(tale, world.events, names),
    light: lightOf(properties),
    ...(want.logColumns > 0 && { logs: logMatrix(ensemble, committedUpTo(tale, world.events), want.logColumns) }),
    ...(want.tree >= 0 && ensemble.servers[want.tree] !== undefined && { tree: treePicture(ensemble, want.tree) }),
    ...(want.inspector !== 'none' && { inspector: inspectorOf(moment, want.inspector) }),
    ...(want.list !== null && {
      list:
        want.list.mode === 'story'
          ? storyList(tale, world.events, want.list, names)
          : fullList(ensemble, head, world.events, want.list, names, moment.eventsBetween),
    }),
    ...(want.console >= 0 && { console: { node: want.console, lines: consoleLines(tale, world.events, want.console, names) } }),
    ...(want.properties && { properties }),
    ...(want.marksFrom >= 0 && { marks: { from: want.marksFrom, upTo: tale.entries.length, marks: marksOf(tale, want.marksFrom) } }),
  };
}

function lightOf({ light, held, violated, properties }: PropertiesPicture): LightPicture {
  let first: LightPicture['first'] = null;
  for (const { id, violation } of properties)
    if (violation !== null && violation.event < (first?.event ?? Infinity)) first = { id, event: violation.event };
  return { light, held, violated, first };
}

function inspectorOf(moment: Moment, which: 'cursor' | 'story'): EventPicture | null {
  const here = moment.ensemble.world.events;
  const told = moment.tale.entries[entriesUpTo(moment.tale, here) - 1]?.event ?? 0;
  const id = which === 'story' ? told : here;
  if (id === 0) return null;
  const { event, before, after } = moment.eventAt(id);
  return eventPicture(event, after, namesOf(after), differences(before, after));
}
