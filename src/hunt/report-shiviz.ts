/**
 * The run for ShiViz (https://bestchai.bitbucket.io/shiviz/): its parser's expression, an empty delimiter line, then two lines an event. Each host's
 * own entry of the vector clock counts its events in the log; what it knows of the others comes with causes, through events that are left out too.
 */
import { REPORT_WORDS as WORDS } from '../words/english-report.ts';
import type { ReportMessage, ReportRun } from './report-run.ts';

const PARSER = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)';

type Clock = readonly number[];

export function shivizText(report: ReportRun): string {
  const { nodes, events } = report;
  const texts = textsOf(report);
  const zero: Clock = nodes.map(() => 0);
  const known: Clock[] = nodes.map(() => zero);
  const after: Clock[] = [];
  const out = [PARSER, ''];
  for (const { id, node, cause } of events) {
    const because = after[cause - 1] ?? zero;
    if (node === -1) {
      after.push(because);
      continue;
    }
    const text = texts.get(id);
    const clock = (known[node] ?? zero).map((n, i) => Math.max(n, because[i] ?? 0) + (i === node && text !== undefined ? 1 : 0));
    known[node] = clock;
    after.push(clock);
    if (text !== undefined) out.push(`${hostOf(nodes[node])} ${clockText(clock, nodes)}`, text);
  }
  return `${out.join('\n')}\n`;
}

/** Hosts are words for the parser. */
function hostOf(name = ''): string {
  return name.replace(/\s+/g, '_');
}

function clockText(clock: Clock, nodes: readonly string[]): string {
  const entries = clock.flatMap((n, i) => (n === 0 ? [] : [`${JSON.stringify(hostOf(nodes[i]))}:${n}`]));
  return `{${entries.join(', ')}}`;
}

/** What is in the log: the story, and messages but for pings. */
function textsOf({ lines, messages, nodes }: ReportRun): Map<number, string> {
  const texts = new Map<number, string>();
  const add = (event: number, text: string): void => {
    const before = texts.get(event);
    texts.set(event, (before === undefined ? text : `${before}; ${text}`).replace(/\s+/g, ' '));
  };
  for (const message of messages.filter(isShown)) {
    add(message.sent, WORDS.sends(message.title, nodes[message.to] ?? ''));
    add(message.received, WORDS.gets(message.title, nodes[message.from] ?? ''));
  }
  for (const { event, text } of lines) add(event, text);
  return texts;
}

export function isShown({ family }: ReportMessage): boolean {
  return family !== 'ping';
}
