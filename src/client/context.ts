/** What a client's code works on: its memory, its configuration, its decisions, and the application that uses it, if any. */
import type { Ref } from '../base/parts.ts';
import type { Context } from '../base/step.ts';
import type { ClientState } from './client-state.ts';
import type { ClientDecisions } from './decisions.ts';
import type { EventThreadItem } from './items.ts';
import type { ClientNote } from './note.ts';

/** Constant during a run. */
export interface ClientConfig {
  readonly name: string;
  /** The connect string: node indexes of servers, at least one. */
  readonly servers: readonly number[];
  readonly sessionTimeoutMs: number;
  /** Is the list shuffled first, as HostConnectionManager does (CLI-05)? Otherwise it is tried in its own order. */
  readonly shufflesServers: boolean;
  /** A random sleep below this precedes every connect but the first (CLI-05): 1000 in Java, 0 for none. */
  readonly connectDelayMs: number;
}

export function makeClientConfig(name: string, servers: readonly number[], options: Partial<ClientConfig> = {}): ClientConfig {
  return { name, servers, sessionTimeoutMs: 30_000, shufflesServers: true, connectDelayMs: 1000, ...options };
}

/** Code that runs on the client's EventThread: recipes, lessons. Everything the library tells it arrives in one queue (WATCH-32). */
export interface ClientApplication {
  readonly step: (ctx: ClientContext, item: EventThreadItem) => void;
}

export interface ClientContext extends Context {
  readonly refs: { readonly client: Ref<ClientState> };
  readonly config: ClientConfig;
  readonly decide: { readonly client: ClientDecisions };
  /** Absent for a client that only a script drives: it then has no EventThread. */
  readonly app?: ClientApplication;
  note(note: ClientNote): void;
}
