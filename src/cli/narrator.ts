/** Tells a run line by line while it goes on: its transcript in colours. */
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { Note } from '../ensemble/note.ts';
import type { Run } from '../scenario/run-scenario.ts';
import { formatLine, linesOfEvent, type TranscriptLine } from '../scenario/transcript.ts';
import type { Level } from '../words/narrate.ts';
import { namesOf } from '../words/names.ts';
import type { Colours, Terminal } from './terminal.ts';

export function makeNarrator(run: Run, level: Level, terminal: Terminal): (ensemble: Ensemble) => void {
  const names = namesOf(run.ensemble);
  const { colours } = terminal;
  return (ensemble) => {
    for (const line of linesOfEvent(ensemble, level, names)) terminal.out(`${paint(line, colours)}\n`);
  };
}

const BAD: ReadonlySet<Note['type']> = new Set<Note['type']>([
  'node-down',
  'refused-to-start',
  'bad',
  'left-role',
  'client-expired',
  'session-expired',
]);
const GOOD: ReadonlySet<Note['type']> = new Set<Note['type']>(['established', 'learner-acked-newleader', 'client-session']);

/** The time is dim, the name bold; what ends something is red, what establishes something green. */
function paint(line: TranscriptLine, colours: Colours): string {
  const plain = formatLine(line);
  const [, time = '', name = '', rest = ''] = /^(\s*\S+  )(\S+\s+)(.*)$/.exec(plain) ?? [null, '', '', plain];
  const colour = BAD.has(line.note.type) ? colours.red : GOOD.has(line.note.type) ? colours.green : String;
  return colours.dim(time) + (line.subject === '' ? colours.yellow(name + rest) : colours.bold(name) + colour(rest));
}
