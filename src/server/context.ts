/** What server code works on: replication's context with the server's own memory, decisions and notes. */
import { assert } from '../base/assert.ts';
import type { PeerConfig, ZabContext } from '../zab/context.ts';
import type { ZabDecisions } from '../zab/decisions.ts';
import type { ZabNote } from '../zab/note.ts';
import type { ServerConfig } from './config.ts';
import type { ServerDecisions } from './decisions.ts';
import type { ServerNote } from './note.ts';
import type { ServerRefs } from './server-state.ts';

export interface ServerContext extends ZabContext {
  readonly refs: ServerRefs;
  readonly config: PeerConfig & ServerConfig;
  readonly decide: { readonly zab: ZabDecisions; readonly server: ServerDecisions };
  note(note: ServerNote | ZabNote): void;
}

/** The server's view of a context that comes back through replication's port: the host gives every step of a server the same object. */
export function serverContext(ctx: ZabContext): ServerContext {
  assert(isServerContext(ctx), 'a context without a server');
  return ctx;
}

function isServerContext(ctx: ZabContext): ctx is ServerContext {
  return 'chunks' in ctx.refs && 'server' in ctx.decide;
}
