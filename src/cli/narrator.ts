/** Tells a run line by line while it goes on: transcript lines, and what the script says. */
import type { Item } from '../base/step.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { Note } from '../ensemble/note.ts';
import type { Run } from '../scenario/run-scenario.ts';
import { formatLine, linesOfEvent, type TranscriptLine } from '../scenario/transcript.ts';
import type { Level } from '../words/narrate.ts';
import { namesOf } from '../words/names.ts';
import { wrap, type Colours, type Terminal } from './terminal.ts';

export function makeNarrator(run: Run, level: Level, terminal: Terminal): (ensemble: Ensemble) => void {
  const names = namesOf(run.ensemble);
  const { colours } = terminal;
  return (ensemble) => {
    for (const line of linesOfEvent(ensemble, level, names)) terminal.out(`${paint(line, colours)}\n`);
    const said = saidBy(run, ensemble);
    if (said !== null) terminal.out(`${wrap(said, terminal.columns, SAID)}\n`);
  };
}

/** Under the words of the narration, which begin after the time. */
const SAID = ' '.repeat(10);

/** The text of a `say` line that has just been reached. */
function saidBy({ scenario }: Run, { world }: Ensemble): string | null {
  if (world.record.actor !== 'driver') return null;
  for (const item of world.record.notes) {
    const line = isScriptNote(item) && item.what === 'entered' ? scenario.lines[item.line] : undefined;
    if (line?.verb === 'say') return line.value;
  }
  return null;
}

function isScriptNote(item: Item): item is Extract<Note, { readonly type: 'script' }> {
  return item.type === 'script';
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
