/** QuorumPeer.setZabState: the phase of Zab that a server is in. */
import { own } from '../base/parts.ts';
import type { ZabContext } from './context.ts';
import type { ZabState } from './note.ts';

export function setZabState(ctx: ZabContext, zabState: ZabState): void {
  own(ctx.parts, ctx.refs.peer).zabState = zabState;
  ctx.note({ type: 'zab-state', zabState });
}
