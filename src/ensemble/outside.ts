/**
 * The outside: one node that stands for every client that is no part of the simulation. Each of their connections is a thread here that dials
 * a server and hears what it sends, so that whatever happens to servers and network happens to real clients too: a dead process ends their
 * connections, a dark machine and a partition are silent. What comes from them are the actions of tcp-action.ts; what they are told is the
 * input of these threads, which a gateway observes.
 */
import { allot, makePartKind, own, peek, type Parts, type Ref } from '../base/parts.ts';
import type { Context, HostInput, LinkId, ThreadControl } from '../base/step.ts';
import type { Program } from '../kernel/world.ts';
import { CLIENT_PORT } from '../server/protocol.ts';
import { serviceTimesOf } from './service-times.ts';
import type { OutsideState, TcpItem } from './tcp-action.ts';
import { threadNameOf } from './thread-names.ts';

/** Its name in partitions and cuts. */
export const OUTSIDE = 'outside';

const OUTSIDE_STATE = makePartKind<OutsideState>('outside', {
  copy: ({ connections }) => ({ connections: new Map(connections) }),
  essence: ({ connections }) => [...connections].sort(([a], [b]) => a - b).map(([, { link, held }]) => [link, held]),
});

interface OutsideContext extends Context {
  readonly refs: { readonly outside: Ref<OutsideState> };
}

export const outsideProgram: Program = {
  allot: (parts: Parts) => ({ outside: allot(parts, OUTSIDE_STATE, { connections: new Map() }) }),
  context: (base, refs) => Object.assign(base, { refs }),
  boot: (ctx) => own(ctx.parts, (ctx as OutsideContext).refs.outside).connections.clear(),
  step: (ctx, input) => stepConnection(ctx as OutsideContext, input as TcpItem | HostInput),
  threadName: threadNameOf,
  serviceTimes: serviceTimesOf,
};

/** The connection that a thread stands for. */
export function connectionOf({ incarnation, key }: Pick<ThreadControl, 'incarnation' | 'key'>): number {
  return incarnation * 0x100000 + key;
}

function stepConnection(ctx: OutsideContext, input: TcpItem | HostInput): void {
  switch (input.type) {
    case 'dial':
      ctx.effects.push({ type: 'connect', to: input.server, port: CLIENT_PORT, address: input.address });
      ctx.thread.blockedOn = { on: 'connect', deadline: null };
      return;
    case 'connected':
      own(ctx.parts, ctx.refs.outside).connections.set(connectionOf(ctx.thread), { link: input.link, held: false });
      return hear(ctx, input.link);
    case 'packet':
      return hear(ctx, input.link);
    case 'take': {
      const link = peek(ctx.parts, ctx.refs.outside).connections.get(connectionOf(ctx.thread))?.link ?? -1;
      return link === -1 ? leave(ctx) : hear(ctx, link);
    }
    case 'closed':
      if (input.how !== 'local') ctx.effects.push({ type: 'close', link: input.link });
      return leave(ctx);
    default:
      leave(ctx); // refused, or interrupted: the client has left
  }
}

/** Takes the next packet when it comes, unless the client does not read. */
function hear(ctx: OutsideContext, link: LinkId): void {
  const connection = peek(ctx.parts, ctx.refs.outside).connections.get(connectionOf(ctx.thread));
  if (connection === undefined) return leave(ctx);
  ctx.thread.blockedOn = connection.held ? null : { on: 'read', link, deadline: null };
}

function leave(ctx: OutsideContext): void {
  own(ctx.parts, ctx.refs.outside).connections.delete(connectionOf(ctx.thread));
  ctx.thread.ending = true;
}
