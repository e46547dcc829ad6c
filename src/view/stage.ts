/** The whole stage at one moment: servers, clients, the lines between them, and what is on its way. */
import type { Ensemble } from '../ensemble/ensemble.ts';
import { blockedViews, connectionViews, messageViews } from './network.ts';
import { messagePicture, type MessagePicture } from './message-picture.ts';
import { clientPicture, serverPicture, type ClientPicture, type ServerPicture } from './server-picture.ts';

/** The line between two nodes, the smaller index first. */
export interface LinkPicture {
  readonly a: number;
  readonly b: number;
  /** The strongest of its connections: quorum before client before election; null where there is none. */
  readonly kind: 'quorum' | 'client' | 'election' | null;
  /** A connection is being made. */
  readonly dialling: boolean;
  readonly cutAB: boolean;
  readonly cutBA: boolean;
}

export interface StagePicture {
  readonly servers: readonly ServerPicture[];
  readonly clients: readonly ClientPicture[];
  readonly links: readonly LinkPicture[];
  readonly messages: readonly MessagePicture[];
}

const MESSAGES_MAX = 400;

export function stagePicture(ensemble: Ensemble): StagePicture {
  const servers = ensemble.servers.map((handle) => serverPicture(ensemble, handle));
  const clients = ensemble.clients.map((handle) => clientPicture(ensemble, handle));
  const epochs = new Map(servers.map(({ node, epoch }) => [node, epoch]));
  const messages = messageViews(ensemble)
    .slice(0, MESSAGES_MAX)
    .map((view) => messagePicture(view, epochs.get(view.from) ?? -1));
  return { servers, clients, links: linksOf(ensemble), messages };
}

type Draft = { -readonly [K in keyof LinkPicture]: LinkPicture[K] };

function linksOf(ensemble: Ensemble): LinkPicture[] {
  const drafts = new Map<string, Draft>();
  const draftOf = (one: number, other: number): Draft => {
    const [a, b] = one < other ? [one, other] : [other, one];
    const key = `${a}-${b}`;
    const draft = drafts.get(key) ?? { a, b, kind: null, dialling: false, cutAB: false, cutBA: false };
    drafts.set(key, draft);
    return draft;
  };
  for (const { node: a } of ensemble.servers) for (const { node: b } of ensemble.servers) if (a < b) draftOf(a, b);
  for (const { from, to, port, state } of connectionViews(ensemble)) {
    const draft = draftOf(from, to);
    if (state === 'connecting') draft.dialling = true;
    else if (port === 'quorum') draft.kind = 'quorum';
    else if (port === 'client') draft.kind = draft.kind ?? 'client';
    else draft.kind = draft.kind ?? 'election';
  }
  for (const [from, to] of blockedViews(ensemble)) {
    const draft = draftOf(from, to);
    if (from === draft.a) draft.cutAB = true;
    else draft.cutBA = true;
  }
  return [...drafts.values()];
}
