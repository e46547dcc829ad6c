// A whole ensemble with clients that each know one server first: what the server layer does for them, seen in notes and replies.

import { peek } from '../../src/base/parts.ts';
import type { Submission } from '../../src/client/items.ts';
import { parseOperation } from '../../src/client/zkcli.ts';
import type { Action } from '../../src/ensemble/action.ts';
import { actOn, makeEnsemble, startAll, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { FIXED, makeClient, makeServers, makeSpec } from '../../src/ensemble/spec.ts';
import { runUntil } from '../../src/kernel/run.ts';
import type { Mode } from '../../src/kernel/world.ts';
import { nodeAt } from '../../src/server/data-tree.ts';
import type { ServerConfig } from '../../src/server/config.ts';
import type { ServerDecisions } from '../../src/server/decisions.ts';

interface AnyNote {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Serving {
  readonly ensemble: Ensemble;
  readonly notes: { readonly at: number; readonly node: number; readonly note: AnyNote }[];
  calls: number;
}

export interface ServingOptions {
  /** 3 when absent; 1 is a standalone server. */
  readonly voters?: number;
  readonly observers?: number;
  /** For each client the servers it may connect to, by name. */
  readonly clients?: readonly (readonly string[])[];
  readonly sessionTimeoutMs?: number;
  readonly decisions?: Partial<ServerDecisions>;
  readonly mode?: Mode;
  readonly seed?: string;
  readonly server?: Partial<ServerConfig>;
}

/** Three servers, s3 leading, every client connected. */
export function makeServing(options: ServingOptions = {}): Serving {
  const clients = (options.clients ?? [['s1'], ['s2']]).map((servers, i) =>
    makeClient(`c${i + 1}`, { servers, shufflesServers: false, connectDelayMs: 0, sessionTimeoutMs: options.sessionTimeoutMs ?? 6000 }),
  );
  const ensemble = makeEnsemble(
    makeSpec({
      seed: options.seed ?? '1',
      mode: options.mode ?? 'fine',
      servers: makeServers(options.voters ?? 3, options.observers ?? 0),
      clients,
      server: options.server ?? {},
      decisions: { ...FIXED, server: { ...FIXED.server, ...options.decisions } },
      guard: true,
    }),
  );
  const serving: Serving = { ensemble, notes: [], calls: 0 };
  ensemble.world.traced = true;
  ensemble.world.observe = ({ record }) => {
    for (const note of record.notes) serving.notes.push({ at: record.at, node: record.node, note: note as AnyNote });
  };
  startAll(ensemble);
  runMs(serving, 4000);
  return serving;
}

export function runMs({ ensemble: { world } }: Serving, ms: number): void {
  const until = world.now + ms * 1000;
  runUntil(world, until);
  world.now = Math.max(world.now, until);
}

export function act({ ensemble }: Serving, action: Action): void {
  actOn(ensemble, action);
}

/** Node index of a server or client by its name. */
export function nodeOf({ ensemble }: Serving, name: string): number {
  return ensemble.world.nodes.findIndex((node) => node.name === name);
}

/** A client calls, and the given time passes. What came back, or null. */
export function call(serving: Serving, client: string, text: string, ms = 200): AnyNote | null {
  return ask(serving, client, parseOperation(text), ms);
}

/** The same for what zkCli has no words for. */
export function ask(serving: Serving, client: string, operation: Submission, ms = 200): AnyNote | null {
  const number = serving.calls++;
  act(serving, { type: 'invoke', node: nodeOf(serving, client), call: number, operation });
  runMs(serving, ms);
  return returned(serving, number);
}

export function returned({ notes }: Serving, call: number): AnyNote | null {
  return notes.find(({ note }) => note.type === 'client-returned' && note['call'] === call)?.note ?? null;
}

export function notesOf(serving: Serving, type: string, name?: string): AnyNote[] {
  const node = name === undefined ? -1 : nodeOf(serving, name);
  return serving.notes.filter((each) => each.note.type === type && (node === -1 || each.node === node)).map(({ note }) => note);
}

/** Forgets what was noted so far. */
export function hush(serving: Serving): number {
  serving.notes.length = 0;
  return serving.ensemble.world.now;
}

export function exists(serving: Serving, server: string, path: string): boolean {
  const handle = serving.ensemble.servers.find(({ name }) => name === server)!;
  return nodeAt(serving.ensemble.world.parts, handle.refs, path) !== null;
}

export function roles({ ensemble }: Serving): readonly string[] {
  return ensemble.servers.map(({ refs }) => peek(ensemble.world.parts, refs.peer).state);
}
