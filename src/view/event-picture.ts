/** One event as the page shows it: a line in a list, and the whole of it in the inspector. */
import type { Effect, Item } from '../base/step.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { Note } from '../ensemble/note.ts';
import { peerOf, threadLabel } from './part-names.ts';
import type { TraceEvent } from '../ensemble/trace.ts';
import { hasSubject, sentenceOf } from '../words/narrate.ts';
import type { Names } from '../words/names.ts';
import type { PartChange } from './difference.ts';
import { fieldsOf, fieldsText, type Field } from './field-text.ts';
import { titleOf } from './message-picture.ts';

export interface EventRow {
  readonly event: number;
  readonly at: number;
  readonly node: number;
  /** Name of the node; empty for the network, the script and the person. */
  readonly subject: string;
  readonly text: string;
  /** Something worth the eye: it noted a fact, or came from outside. */
  readonly isTelling: boolean;
}

export interface NotePicture {
  readonly type: string;
  readonly sentence: string;
  readonly operands: readonly Field[];
}

export interface EventPicture extends EventRow {
  /** Thread, disk, link, script, or you. */
  readonly actor: string;
  readonly input: { readonly title: string; readonly detail: string } | null;
  readonly effect: { readonly title: string; readonly detail: string } | null;
  /** The event that made this one possible, 0 for none. */
  readonly cause: number;
  readonly notes: readonly NotePicture[];
  readonly changes: readonly PartChange[];
}

/** `ensemble` names nodes, threads and, where the connection still lives, the other end. */
export function eventRow(event: TraceEvent, ensemble: Ensemble, names: Names): EventRow {
  const told = event.notes.find((note) => note.type !== 'digest' && note.type !== 'script' && note.type !== 'ping');
  const subject = event.node === -1 || (told !== undefined && !hasSubject(told)) ? '' : names.node(event.node);
  const plain = plainText(event, ensemble);
  return {
    event: event.id,
    at: event.at,
    node: event.node,
    subject,
    text: told === undefined ? plain : noteText(told, names),
    isTelling: told !== undefined,
  };
}

/** A sentence; a note without words shows its type and operands. */
export function noteText(note: Note, names: Names): string {
  return sentenceOf(note, names);
}

export function eventPicture(event: TraceEvent, ensemble: Ensemble, names: Names, changes: readonly PartChange[]): EventPicture {
  const { input, effect } = event;
  return {
    ...eventRow(event, ensemble, names),
    actor: actorText(event, ensemble),
    input: input === null ? null : { title: inputTitle(input, event.node, ensemble, names), detail: itemDetail(input) },
    effect: effect === null ? null : { title: effectTitle(effect, event.node, ensemble, names), detail: effectDetail(effect) },
    cause: event.cause,
    notes: event.notes.map((note) => ({
      type: note.type,
      sentence: noteText(note, names),
      operands: fieldsOf(note, ['type', 'txn', 'action']),
    })),
    changes,
  };
}

/** What an actor without input or effect does. */
const DEEDS: Readonly<Record<TraceEvent['actor'], string>> = {
  thread: '',
  disk: 'an fsync is done',
  link: 'an attempt to connect arrives, or a connection is given up',
  driver: 'the script looks on',
  input: '',
};

const ACTORS: Readonly<Record<TraceEvent['actor'], string>> = {
  thread: 'thread',
  disk: 'disk',
  link: 'network',
  driver: 'script',
  input: 'from outside',
};

function actorText({ actor, node, thread }: TraceEvent, ensemble: Ensemble): string {
  return actor === 'thread' && thread !== -1 ? threadLabel(ensemble, node, thread) : ACTORS[actor];
}

/** What happened, where no note tells it. */
function plainText(event: TraceEvent, ensemble: Ensemble): string {
  const { input, effect } = event;
  const actor = actorText(event, ensemble);
  const got = input === null ? '' : itemTitle(input);
  const did = effect === null ? '' : effectText(effect, ensemble);
  const deed = DEEDS[event.actor];
  if (got === '' && did === '') return deed === '' ? actor : `${actor}: ${deed}`;
  if (got === '') return `${actor}: ${did}`;
  return did === '' ? `${actor}: ${got}` : `${actor}: ${got}, then ${did}`;
}

function itemTitle(item: Item): string {
  return 'packet' in item && isItem(item.packet) ? `gets ${titleOf(item.packet)}` : titleOf(item);
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function inputTitle(item: Item, node: number, ensemble: Ensemble, names: Names): string {
  const peer = 'link' in item && typeof item.link === 'number' ? peerOf(ensemble, node, item.link) : null;
  return `${itemTitle(item)}${peer === null ? '' : ` from ${names.node(peer)}`}`;
}

function itemDetail(item: Item): string {
  const packet = 'packet' in item && isItem(item.packet) ? item.packet : item;
  return fieldsText(packet, ['type', 'txn', 'record', 'operation', 'link', 'password']);
}

function effectTitle(effect: Effect, node: number, ensemble: Ensemble, names: Names): string {
  const peer = effect.type === 'send' ? peerOf(ensemble, node, effect.link) : null;
  return `${effectText(effect, ensemble)}${peer === null ? '' : ` to ${names.node(peer)}`}`;
}

function effectText(effect: Effect, ensemble: Ensemble): string {
  switch (effect.type) {
    case 'send':
      return `sends ${titleOf(effect.packet)}`;
    case 'enqueue':
      return `hands on ${titleOf(effect.item)}`;
    case 'append':
      return `appends ${titleOf(effect.record)} to ${effect.file}`;
    case 'fsync':
      return `begins fsync of ${effect.files.join(', ')}`;
    case 'create':
    case 'delete':
    case 'truncate':
      return `${effect.type}s ${effect.file}`;
    case 'rename':
      return `renames ${effect.from} to ${effect.to}`;
    case 'connect':
      return `dials ${ensemble.world.nodes[effect.to]?.name ?? effect.to} on the ${effect.port} port`;
    case 'listen':
      return `listens on the ${effect.port} port`;
    case 'unlisten':
      return `no longer listens on the ${effect.port} port`;
    case 'close':
      return 'closes a connection';
    case 'start':
      return 'starts a thread';
    case 'signal':
      return `signals ${effect.condition}`;
    case 'interrupt':
      return 'interrupts a thread';
    case 'exit':
      return `exits: ${effect.reason}`;
    case 'continue':
      return `goes on with ${titleOf(effect.item)}`;
    case 'atomic':
      return `${effect.effects.length} effects at once`;
    default:
      return '';
  }
}

function effectDetail(effect: Effect): string {
  if (effect.type === 'send') return itemDetail(effect.packet);
  if (effect.type === 'append') return itemDetail(effect.record);
  if (effect.type === 'enqueue' || effect.type === 'start') return itemDetail(effect.item);
  return effect.type === 'atomic' ? effect.effects.map((each) => each.type).join(', ') : '';
}
