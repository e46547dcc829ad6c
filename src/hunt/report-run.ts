/** A counterexample run once more, with all that its reports need: what is told, who sent what to whom, and what came of it. */
import type { Violation } from '../check/violation.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { notesOf, type Note } from '../ensemble/note.ts';
import type { Item } from '../base/step.ts';
import type { EventRecord } from '../kernel/world.ts';
import { resultOf, runToEnd, type Run, type RunResult } from '../scenario/run-scenario.ts';
import { linesOfEvent, type TranscriptLine } from '../scenario/transcript.ts';
import { familyOf, titleOf, type Family } from '../view/message-picture.ts';
import { findingWords } from '../words/english-check.ts';
import { namesOf } from '../words/names.ts';

/** One that arrived. */
export interface ReportMessage {
  readonly family: Family;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly sent: number;
  readonly sentAt: number;
  readonly received: number;
  readonly receivedAt: number;
}

/** Of an event: who, when, because of which one, and what it noted. */
export interface ReportEvent {
  readonly id: number;
  readonly at: number;
  readonly node: number;
  readonly cause: number;
  readonly notes: readonly Note[];
}

export interface ReportRun {
  readonly run: Run;
  readonly result: RunResult;
  readonly nodes: readonly string[];
  readonly servers: number;
  readonly lines: readonly TranscriptLine[];
  readonly messages: readonly ReportMessage[];
  readonly events: readonly ReportEvent[];
  readonly violation: Violation | null;
  /** In words. */
  readonly explanation: string;
}

/** Runs it to its end. `onEvent` hears every event, such as a trace file. */
export function reportRun(run: Run, onEvent?: (record: EventRecord) => void): ReportRun {
  const { ensemble } = run;
  const names = namesOf(ensemble);
  const lines: TranscriptLine[] = [];
  const messages: ReportMessage[] = [];
  const events: ReportEvent[] = [];
  runToEnd(run, ({ world }: Ensemble) => {
    const { record } = world;
    onEvent?.(record);
    lines.push(...linesOfEvent(ensemble, 'story', names));
    const { id, at, node, cause } = record;
    events.push({ id, at, node, cause, notes: notesOf(record).slice() });
    const message = messageOf(record, events);
    if (message !== null) messages.push(message);
  });
  const result = resultOf(run, ensemble, run.companion);
  const violation = firstViolation(result);
  const nodes = ensemble.world.nodes.map(({ name }) => name);
  const explanation = violation === null ? '' : findingWords(violation, names);
  return { run, result, nodes, servers: ensemble.servers.length, lines, messages, events, violation, explanation };
}

function firstViolation({ properties }: RunResult): Violation | null {
  const violations = properties.flatMap(({ violation }) => (violation === null ? [] : [violation]));
  return violations.sort((a, b) => a.event - b.event)[0] ?? null;
}

/** A packet is caused by the event that sent it. */
function messageOf({ input, id, at, node, cause }: EventRecord, events: readonly ReportEvent[]): ReportMessage | null {
  const sender = events[cause - 1];
  if (input === null || !isPacketInput(input) || sender === undefined || sender.node === node || sender.node === -1) return null;
  const { packet } = input;
  const [family, title] = [familyOf(packet), titleOf(packet)];
  return { family, title, from: sender.node, to: node, sent: cause, sentAt: sender.at, received: id, receivedAt: at };
}

function isPacketInput(input: Item): input is Item & { readonly packet: Item } {
  return input.type === 'packet' && 'packet' in input && typeof input.packet === 'object' && input.packet !== null;
}
