/** What `zablab run` prints around the narration: which run it is, and at the end what came of it. */
import type { Violation } from '../check/violation.ts';
import type { Run, RunResult } from '../scenario/run-scenario.ts';
import { findingWords } from '../words/english-check.ts';
import { count, namesOf } from '../words/names.ts';
import { countText, secondsText } from './figures.ts';
import type { Played } from './play.ts';
import { againCommand } from './run-options.ts';
import { table, wrap, type Terminal } from './terminal.ts';

export function headerText(run: Run, { colours, columns }: Terminal): string {
  const { name, about } = run.scenario.document;
  const lines = [colours.bold(name)];
  if (about !== undefined && about.trim() !== '') lines.push(wrap(about, columns, '  '));
  return `${lines.join('\n')}\n  ${settingsText(run)}\n\n`;
}

/** `seed 1, preset fixed, no mutations, fine mode` */
export function settingsText({ seed, preset, mutations, mode }: Run): string {
  const mutated = mutations.length === 0 ? 'no mutations' : `mutations ${mutations.map(({ id }) => id).join(', ')}`;
  return `seed ${seed}, preset ${preset}, ${mutated}, ${mode} mode`;
}

/** A violation as a sentence, with the event at which it was seen. */
export function explanationOf(run: Run, violation: Violation): string {
  return findingWords(violation, namesOf(run.ensemble));
}

export function verdictText(run: Run, named: string, { result, isComplete, wallMs }: Played, { colours }: Terminal): string {
  const { ok, events, virtualUs, traceHash } = result;
  const verdict = !isComplete ? colours.yellow('INTERRUPTED') : ok ? colours.green('OK') : colours.red('FAILED');
  const figures =
    `${count(events, 'event')}, ${secondsText(virtualUs)} simulated in ${(wallMs / 1000).toFixed(2)} s, trace ${traceHash}`.replace(
      /^\d+/,
      countText(events),
    );
  return [
    '\n',
    expectationsText(result, colours.red),
    propertiesText(run, result, colours.red),
    serversText(result),
    `${colours.bold(verdict)}  ${figures}\n`,
    colours.dim(`Again: ${againCommand(run, named)}`),
    '\n',
  ].join('');
}

type Paint = (text: string) => string;

function expectationsText({ expectations }: RunResult, bad: Paint): string {
  if (expectations.length === 0) return 'Expectations: none\n';
  const missed = expectations.filter(({ ok }) => !ok);
  const lines = missed.map(({ text, place, found }) =>
    bad(`  not met: ${text}${found === '' ? '' : `: ${found}`} (${place.file}:${place.line}:${place.column})`),
  );
  return [`Expectations: ${expectations.length - missed.length} of ${expectations.length} met`, ...lines, ''].join('\n');
}

/** Violations one by one, the first to be seen first; the others by number. */
function propertiesText(run: Run, { properties }: RunResult, bad: Paint): string {
  const held = properties.filter(({ status }) => status === 'held');
  const idle = properties.filter(({ status }) => status === 'not-exercised');
  const unknown = properties.filter(({ status }) => status === 'unknown');
  const violations = properties.flatMap(({ violation }) => (violation === null ? [] : [violation])).sort((a, b) => a.event - b.event);
  const idleWords = idle.length === 0 ? '' : `; not exercised: ${idle.map(({ id }) => id).join(', ')}`;
  const unknownWords = unknown.length === 0 ? '' : `; unknown: ${unknown.map(({ id }) => id).join(', ')}`;
  const lines = violations.map((violation) =>
    bad(`  ${violation.property} violated at event ${violation.event} (${secondsText(violation.at)}): ${explanationOf(run, violation)}`),
  );
  return [`Properties: ${held.length} held, ${violations.length} violated${unknownWords}${idleWords}`, ...lines, ''].join('\n');
}

function serversText({ servers }: RunResult): string {
  const rows = servers.map(({ name, state, epoch, zxid }) => [name, state, `epoch ${epoch < 0 ? 'none' : epoch}`, `zxid 0x${zxid}`]);
  return `Servers:\n${table(rows)}`;
}
