/** A run as text, one line for each thing told: what the terminal prints and golden files keep. */
import type { Ensemble } from '../ensemble/ensemble.ts';
import { notesOf, type Note } from '../ensemble/note.ts';
import { hasSubject, isTold, sentenceOf, type Level } from '../words/narrate.ts';
import { namesOf, type Names } from '../words/names.ts';

export interface TranscriptLine {
  readonly event: number;
  readonly at: number;
  /** Name of the node that noted it; empty for the network and the script. */
  readonly subject: string;
  readonly note: Note;
  readonly text: string;
}

/** What the event just run has to tell at this level. */
export function linesOfEvent(ensemble: Ensemble, level: Level, names: Names = namesOf(ensemble)): TranscriptLine[] {
  const { record } = ensemble.world;
  const lines: TranscriptLine[] = [];
  for (const note of notesOf(ensemble.world.record)) {
    if (!isTold(note, level)) continue;
    const subject = hasSubject(note) ? names.node(record.node) : '';
    lines.push({ event: record.id, at: record.at, subject, note, text: sentenceOf(note, names) });
  }
  return lines;
}

/** `  1.204 s3     is established as leader of epoch 1`: seconds to the millisecond, then who, then what. */
export function formatLine(line: TranscriptLine): string {
  const ms = Math.floor(line.at / 1000);
  const time = `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`.padStart(8);
  return line.subject === '' ? `${time}  -- ${line.text}` : `${time}  ${line.subject.padEnd(6)} ${line.text}`;
}
