/** The first difference as data that JSON can hold, and as text. */
import { serverView } from '../ensemble/views.ts';
import { differences, type PartChange } from '../view/difference.ts';
import { eventPicture } from '../view/event-picture.ts';
import { shortTime } from '../view/time-text.ts';
import { DIFFERENCE_WORDS as WORDS } from '../words/english-difference.ts';
import { namesOf } from '../words/names.ts';
import type { DifferingSide, FirstDifference } from './first-difference.ts';

export interface SideReport {
  readonly preset: string;
  readonly mutations: readonly string[];
  /** What happens; null when the run is over. */
  readonly happens: string | null;
  /** Every note of the event, as sentences. */
  readonly notes: readonly string[];
  /** What the event changes here and not in the other run. */
  readonly changes: readonly string[];
  readonly servers: readonly { readonly name: string; readonly is: string }[];
  readonly violated: readonly string[];
  readonly events: number;
}

export interface DifferenceReport {
  readonly scenario: string;
  readonly seed: string;
  readonly event: number;
  readonly atUs: number;
  readonly what: FirstDifference['what'];
  readonly decisions: readonly {
    readonly point: string;
    readonly mutated: string;
    readonly fixed: string;
    /** Number of the event; null when it was not asked for up to there. */
    readonly askedAt: number | null;
  }[];
  readonly mutated: SideReport;
  readonly fixed: SideReport;
}

export function differenceReport(difference: FirstDifference): DifferenceReport {
  const { event, what, mutated, fixed, decisions } = difference;
  const [left, right] = [changesOf(mutated), changesOf(fixed)];
  return {
    scenario: mutated.run.scenario.document.name,
    seed: mutated.run.seed,
    event,
    atUs: mutated.event?.at ?? fixed.event?.at ?? mutated.after.world.now,
    what,
    decisions: decisions.map((each) => ({
      point: `${each.layer}.${each.name}`,
      mutated: ruleText(each.left),
      fixed: ruleText(each.right),
      askedAt: each.askedAt,
    })),
    mutated: sideReport(
      mutated,
      left.filter((text) => !right.includes(text)),
    ),
    fixed: sideReport(
      fixed,
      right.filter((text) => !left.includes(text)),
    ),
  };
}

/** A plan as its steps; a predicate by its name. */
function ruleText(value: unknown): string {
  if (typeof value === 'function') return WORDS.rule(value.name);
  if (typeof value === 'boolean') return value ? WORDS.yes : WORDS.no;
  if (!Array.isArray(value)) return String(value);
  return value.map((step: unknown) => (Array.isArray(step) ? `[${step.join(' + ')}]` : String(step))).join(', ');
}

function sideReport(side: DifferingSide, changes: readonly string[]): SideReport {
  const { run, event, before, after, result } = side;
  const names = namesOf(after);
  const picture = event === null ? null : eventPicture(event, before, names, []);
  return {
    preset: run.preset,
    mutations: run.mutations.map(({ id }) => id),
    happens: picture === null ? null : happensText(picture.subject, picture.actor, deedText(picture)),
    notes: picture?.notes.map(({ sentence }) => sentence) ?? [],
    changes,
    servers: after.servers.map(({ node, name }) => ({ name, is: serverText(side, node) })),
    violated: result.properties.filter(({ status }) => status === 'violated').map(({ id }) => id),
    events: result.events,
  };
}

function happensText(subject: string, actor: string, deed: string): string {
  return [subject, actor, deed].filter((text) => text !== '').join(' ');
}

function deedText({ input, effect, text }: ReturnType<typeof eventPicture>): string {
  const deeds = [input, effect].flatMap((each) => (each === null ? [] : [each.title]));
  return deeds.length === 0 ? text : deeds.join(', then ');
}

function serverText({ after }: DifferingSide, node: number): string {
  const { zxid } = namesOf(after);
  const view = serverView(after, node);
  if (view.power !== 'up') return view.power;
  const { state, zabState, acceptedEpoch, currentEpoch, lastProcessedZxid, lastLoggedZxid, lastSyncedZxid } = view;
  return WORDS.server(
    state,
    zabState,
    WORDS.epochs(acceptedEpoch, currentEpoch),
    WORDS.zxids(zxid(lastProcessedZxid), zxid(lastLoggedZxid), zxid(lastSyncedZxid)),
  );
}

function changesOf({ before, after }: DifferingSide): string[] {
  const { node } = namesOf(after);
  return differences(before, after).flatMap((change) => changeTexts(change, change.node === -1 ? '' : `${node(change.node)} `));
}

function changeTexts({ part, how, changes }: PartChange, owner: string): string[] {
  if (changes.length === 0) return [`${owner}${part}: ${WORDS.change(how)}`];
  return changes.map(
    ({ name, isList, before, after }) => `${owner}${part}: ${(isList ? WORDS.listBecame : WORDS.became)(name, before, after)}`,
  );
}

/** For a terminal or a page of Markdown; no line is wrapped. */
export function differenceText(report: DifferenceReport): string {
  const { event, atUs, what, decisions, mutated, fixed } = report;
  const time = shortTime(atUs);
  const lines = [
    WORDS.shared(event),
    what === 'event' ? WORDS.event(event, time) : WORDS.state(event, time),
    '',
    ...sideLines(WORDS.mutated, mutated),
    '',
    ...sideLines(WORDS.fixed, fixed),
    '',
    `${WORDS.decision}:`,
    ...decisions.flatMap((each) => [
      `  ${each.point}, ${each.askedAt === null ? WORDS.notAsked : WORDS.asked(each.askedAt)}`,
      `    ${WORDS.mutated.padEnd(8)} ${each.mutated}`,
      `    ${WORDS.fixed.padEnd(8)} ${each.fixed}`,
    ]),
    '',
    `${WORDS.servers}:`,
    ...serverLines(mutated, fixed),
    '',
    `${WORDS.outcome}:`,
    ...[mutated, fixed].map(
      (side, i) =>
        `  ${(i === 0 ? WORDS.mutated : WORDS.fixed).padEnd(8)} ${WORDS.violated(side.violated)} (${WORDS.events(side.events)}; ${WORDS.setting(side)})`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function sideLines(label: string, { happens, notes, changes }: SideReport): string[] {
  const details = [...notes, ...changes];
  return [
    `  ${label.padEnd(8)} ${happens ?? WORDS.over}`,
    ...(details.length === 0 ? [WORDS.nothing] : details).map((text) => `  ${''.padEnd(8)}   ${text}`),
  ];
}

function serverLines(mutated: SideReport, fixed: SideReport): string[] {
  return mutated.servers.flatMap(({ name, is }, i) => {
    const other = fixed.servers[i]?.is ?? '';
    if (is === other) return [`  ${name.padEnd(6)} ${is} (${WORDS.sameServer})`];
    return [`  ${name.padEnd(6)} ${WORDS.mutated.padEnd(8)} ${is}`, `  ${''.padEnd(6)} ${WORDS.fixed.padEnd(8)} ${other}`];
  });
}
