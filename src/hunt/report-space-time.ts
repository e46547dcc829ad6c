/**
 * The run as a picture: time goes down, servers and clients are lines, messages are arrows in the colour of their family. A server's line is as
 * wide as its role and coloured by its epoch. Gaps are drawn shorter than they are; of a long run only what leads to the violation is drawn.
 */
import { unreachable } from '../base/assert.ts';
import { hueOf } from '../view/epoch.ts';
import { shortTime } from '../view/time-text.ts';
import { REPORT_WORDS as WORDS } from '../words/english-report.ts';
import type { Note } from '../ensemble/note.ts';
import { escapeXml } from './report-junit.ts';
import type { ReportMessage, ReportRun } from './report-run.ts';
import { isShown } from './report-shiviz.ts';

const MESSAGES_MAX = 260;
const COLUMN = 118;
const LEFT = 84;
const TOP = 124;
const TEXT_WIDTH = 470;
const TEXT_MAX = 78;
const ROW = 15;

const STYLE = `
  svg { --paper: #fbfbfc; --ink: #14181f; --muted: #5c6675; --line: #d5dae1; --bad: #b3261e; --wash: #fdeceb;
    --h0: #aab1bc; --h1: #0072b2; --h2: #c98a00; --h3: #009e73; --h4: #b8558c; --h5: #3a9fd6; --h6: #d55e00;
    --election: #8a93a1; --discovery: #b8558c; --sync: #c98a00; --broadcast: #0072b2; --client: #2f8f5b; }
  @media (prefers-color-scheme: dark) { svg { --paper: #0d1014; --ink: #e8ebef; --muted: #9ba5b3; --line: #2c333d; --bad: #ff7a70; --wash: #3a1614;
    --h0: #5b6675; --h1: #4aa8e0; --h2: #f0b429; --h3: #2fc79b; --h4: #e39ac2; --h5: #7cc7f2; --h6: #ff8a3d;
    --election: #7d8897; --discovery: #e39ac2; --sync: #f0b429; --broadcast: #4aa8e0; --client: #5cc48a; } }
  text { font: 11px ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: var(--ink); }
  .paper { fill: var(--paper); } .title { font-size: 19px; font-weight: 650; } .sub { font-size: 12px; fill: var(--muted); }
  .name { font-size: 13px; font-weight: 650; text-anchor: middle; } .time { fill: var(--muted); text-anchor: end; font-variant-numeric: tabular-nums; }
  .life { stroke: var(--line); stroke-width: 1; } .off { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 1 5; }
  .arrow { fill: none; stroke-width: 1.1; opacity: .78; } .who { font-weight: 650; } .rule { stroke: var(--line); stroke-width: .5; }
  .epoch { font-size: 10px; fill: var(--muted); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
  .cross { stroke: var(--bad); stroke-width: 2.4; stroke-linecap: round; } .bad { fill: var(--bad); font-weight: 650; } .wash { fill: var(--wash); }
`;

const FAMILIES = ['election', 'discovery', 'sync', 'broadcast', 'client'] as const;

export function spaceTimeSvg(report: ReportRun): string {
  const { messages, first } = windowOf(report);
  const y = scaleOf(report, messages, first);
  const { nodes, violation, run, explanation } = report;
  const width = LEFT + nodes.length * COLUMN + TEXT_WIDTH;
  const height = Math.ceil(y.end + 36);
  const cut = first <= 1 ? [] : [WORDS.windowed(shortTime(report.events[first - 1]?.at ?? 0))];
  const subtitle = [...(violation === null ? [] : [`${violation.property}: ${explanation}`]), ...cut].join(' · ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(run.scenario.document.name)}</title><style>${STYLE}</style>`,
    `<defs>${FAMILIES.map(markerOf).join('')}</defs>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    text(24, 36, 'title', run.scenario.document.name),
    text(24, 58, 'sub', clipped(subtitle, 150)),
    ...FAMILIES.map((family, i) => legendOf(family, 24 + i * 142)),
    ...violationBand(report, y, width),
    ...nodes.flatMap((name, node) => [text(xOf(node), TOP - 18, 'name', name), ...lifeline(report, node, first, y)]),
    ...messages.map((message) => arrowOf(message, y)),
    ...storyMarks(report, first, y, width),
    '</svg>',
    '',
  ].join('\n');
}

interface Window {
  readonly messages: readonly ReportMessage[];
  /** The first event drawn. */
  readonly first: number;
}

/** All of a short run; of a long one the last messages before the violation. */
function windowOf({ messages, violation, events }: ReportRun): Window {
  const last = violation?.event ?? events.length;
  const before = messages.filter((message) => isShown(message) && message.received <= last);
  const kept = before.slice(-MESSAGES_MAX);
  return { messages: kept, first: kept.length === before.length ? 1 : Math.min(...kept.map(({ sent }) => sent)) };
}

interface Scale {
  readonly of: (event: number) => number;
  readonly end: number;
}

/** Events that are drawn, one below the other: further apart where more time passes, and far enough for their text. */
function scaleOf({ lines, events, violation }: ReportRun, messages: readonly ReportMessage[], first: number): Scale {
  const last = violation?.event ?? events.length;
  const told = new Set(lines.map(({ event }) => event));
  const drawn = new Set([...messages.flatMap(({ sent, received }) => [sent, received]), ...told]);
  const places = new Map<number, number>();
  let [y, at, textEnd] = [TOP, events[first - 1]?.at ?? 0, TOP - ROW];
  for (const event of events) {
    if (event.id < first || event.id > last || (!drawn.has(event.id) && event.id !== last)) continue;
    y += 2 + (24 * (event.at - at)) / (event.at - at + 20_000);
    at = event.at;
    if (told.has(event.id) || event.id === last) {
      y = Math.max(y, textEnd + ROW);
      textEnd = y + (lines.filter((line) => line.event === event.id).length - 1) * ROW;
    }
    places.set(event.id, y);
  }
  return { of: (event) => Math.round((places.get(event) ?? TOP) * 10) / 10, end: Math.max(y, textEnd) + ROW };
}

function xOf(node: number): number {
  return LEFT + node * COLUMN + COLUMN / 2;
}

function text(x: number, y: number, kind: string, words: string): string {
  return `<text class="${kind}" x="${x}" y="${y}">${escapeXml(words)}</text>`;
}

function clipped(words: string, max: number): string {
  return words.length <= max
    ? words
    : `${Array.from(words)
        .slice(0, max - 1)
        .join('')}…`;
}

function markerOf(family: (typeof FAMILIES)[number]): string {
  return `<marker id="to-${family}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .8 8 4 0 7.2 1.8 4z" fill="var(--${family})"/></marker>`;
}

function legendOf(family: (typeof FAMILIES)[number], x: number): string {
  return `<path d="M${x} 78h22" stroke="var(--${family})" stroke-width="2" marker-end="url(#to-${family})"/>${text(x + 30, 82, 'sub', WORDS.legend[family])}`;
}

function arrowOf({ family, title, from, to, sent, received }: ReportMessage, y: Scale): string {
  const d = `M${xOf(from)} ${y.of(sent)}L${xOf(to) + (from < to ? -6 : 6)} ${y.of(received)}`;
  return `<path class="arrow" d="${d}" stroke="var(--${family})" marker-end="url(#to-${family})"><title>${escapeXml(title)}</title></path>`;
}

interface Life {
  readonly how: 'down' | 'looking' | 'following' | 'leading' | 'client';
  readonly epoch: number;
}

/** Segments of one life: nothing, looking, following or leading in an epoch. */
function lifeline(report: ReportRun, node: number, first: number, y: Scale): string[] {
  const last = report.violation?.event ?? report.events.length;
  const isServer = node < report.servers;
  let life: Life = { how: 'down', epoch: 0 };
  let from = TOP;
  let place = TOP;
  const out: string[] = [];
  for (const { id, node: who, notes } of report.events) {
    if (id > last) break;
    if (id >= first) place = Math.max(place, y.of(id));
    if (who !== node && !notes.some(isPower)) continue;
    for (const note of notes) {
      const next = who === node ? lifeAfter(life, note, isServer) : life;
      if (next === life) continue;
      out.push(segmentOf(life, node, from, place));
      if (next.how === 'down' && id >= first) out.push(crossOf(node, place));
      [life, from] = [next, place];
    }
  }
  out.push(segmentOf(life, node, from, y.end));
  return out;
}

function isPower(note: Note): boolean {
  return note.type === 'node-down' || note.type === 'node-up';
}

function lifeAfter(life: Life, note: Note, isServer: boolean): Life {
  if (note.type === 'node-down') return { how: 'down', epoch: life.epoch };
  if (note.type === 'node-up') return { how: isServer ? 'looking' : 'client', epoch: life.epoch };
  if (note.type === 'current-epoch') return { ...life, epoch: note.epoch };
  // Also of a server that was down: when calm begins, all that are down are started without a note of their own.
  if (note.type !== 'state') return life;
  return { how: note.state === 'LEADING' ? 'leading' : note.state === 'LOOKING' ? 'looking' : 'following', epoch: life.epoch };
}

function segmentOf({ how, epoch }: Life, node: number, from: number, to: number): string {
  if (to <= from) return '';
  const x = xOf(node);
  const bar = (width: number, fill: string, opacity: number): string =>
    `<rect x="${x - width / 2}" y="${from}" width="${width}" height="${to - from}" rx="${Math.min(3, width / 2)}" fill="var(--${fill})" opacity="${opacity}"><title>${escapeXml(WORDS.epoch(epoch))}</title></rect>`;
  switch (how) {
    case 'down':
      return `<path class="off" d="M${x} ${from}V${to}"/>`;
    case 'looking':
      return bar(3, 'h0', 0.9);
    case 'following':
      return bar(6, `h${hueOf(epoch)}`, 0.85);
    case 'leading':
      return bar(13, `h${hueOf(epoch)}`, 1) + (epoch < 1 || to - from < ROW ? '' : text(x + 11, from + 12, 'epoch', WORDS.epoch(epoch)));
    case 'client':
      return `<path class="life" d="M${x} ${from}V${to}" style="stroke-width:2"/>`;
    default:
      return unreachable(how);
  }
}

function crossOf(node: number, y: number): string {
  const x = xOf(node);
  return `<path class="cross" d="M${x - 7} ${y - 7}l14 14m0-14l-14 14"/>`;
}

function violationBand({ violation }: ReportRun, y: Scale, width: number): string[] {
  if (violation === null) return [];
  const at = y.of(violation.event);
  return [`<rect class="wash" x="0" y="${at - 7}" width="${width}" height="${y.end - at + 8}"/>`];
}

/** Times at the left, sentences at the right, on the line of their event. */
function storyMarks({ lines, violation, nodes, events }: ReportRun, first: number, y: Scale, width: number): string[] {
  const last = violation?.event ?? events.length;
  const x = LEFT + nodes.length * COLUMN + 16;
  const out: string[] = [];
  let [before, row] = [0, 0];
  for (const { event, at, subject, text: words } of lines) {
    if (event < first || event > last) continue;
    row = event === before ? row + 1 : 0;
    const place = y.of(event) + row * ROW + 4;
    if (row === 0) out.push(text(LEFT - 14, place, 'time', shortTime(at)));
    const who = subject === '' ? '' : `<tspan class="who">${escapeXml(subject)}</tspan> `;
    out.push(`<text x="${x}" y="${place}">${who}${escapeXml(clipped(words, TEXT_MAX))}</text>`);
    before = event;
  }
  if (violation !== null) {
    const place = y.of(violation.event);
    out.push(
      `<path d="M0 ${place - 7}H${width}" stroke="var(--bad)" stroke-width="1.5"/>`,
      text(24, y.end + 20, 'bad', WORDS.violationMark(violation.property)),
    );
  }
  return out;
}
