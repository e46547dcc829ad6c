/** QuorumCnxManager.QuorumConnectionReqThread: one attempt to connect to one server, without a retry. */
import { assert } from '../base/assert.ts';
import { own } from '../base/parts.ts';
import type { Effect, Item, LinkId } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { continueWith, electionInputOf } from './election-item.ts';
import { ELECTION_PORT, type InitialMessage } from './packet.ts';
import { installWorkers, removeSender, replaceWorkers } from './quorum-cnx-manager.ts';

export function stepConnector(ctx: ZabContext, item: Item): void {
  const input = electionInputOf(item);
  switch (input.type) {
    case 'run':
      dial(ctx);
      return;
    case 'connected':
      startConnection(ctx, input.link);
      return;
    case 'refused':
    case 'timeout':
    case 'interrupted':
      ctx.note({ type: 'election-connection', peer: ctx.thread.key, how: 'refused' });
      leave(ctx);
      return;
    case 'keep':
      ctx.note({ type: 'election-connection', peer: input.sid, how: 'dialled' });
      if (replaceWorkers(ctx, input.sid, input.link)) ctx.effects.push(continueWith({ type: 'dialled' }));
      return;
    case 'remove-sender':
      removeSender(ctx, input.sid, input.generation);
      return;
    case 'install':
      installWorkers(ctx, input.sid, input.link);
      ctx.effects.push(continueWith({ type: 'dialled' }));
      return;
    case 'dialled':
      leave(ctx);
      return;
    case 'failed':
      onFailed(ctx, input.effect);
      return;
    default:
      assert(false, `a Connector got ${input.type}`);
  }
}

function dial(ctx: ZabContext): void {
  const server = ctx.config.servers.find((server) => server.sid === ctx.thread.key);
  assert(server !== undefined, 'dials a server that is not in the configuration');
  ctx.effects.push({ type: 'connect', to: server.node, port: ELECTION_PORT });
  ctx.thread.blockedOn = { on: 'connect', deadline: ctx.now + ctx.config.cnxTimeoutUs };
}

/** The smaller id shows itself and hangs up: the larger one will dial (CNX-01, CNX-02). */
function startConnection(ctx: ZabContext, link: LinkId): void {
  const sid = ctx.thread.key;
  const initial: InitialMessage = { type: 'INITIAL', sid: ctx.config.sid };
  ctx.effects.push({ type: 'send', link, packet: initial });
  if (sid > ctx.config.sid) {
    ctx.note({ type: 'election-connection', peer: sid, how: 'handed-to-larger-id' });
    ctx.effects.push({ type: 'close', link }, continueWith({ type: 'dialled' }));
  } else {
    ctx.effects.push(continueWith({ type: 'keep', sid, link }));
  }
}

function onFailed(ctx: ZabContext, effect: Effect): void {
  if (effect.type === 'send') ctx.effects.push({ type: 'close', link: effect.link });
  ctx.effects.push(continueWith({ type: 'dialled' }));
}

/** Only now may the next attempt begin (CNX-05). */
function leave(ctx: ZabContext): void {
  const cnx = own(ctx.parts, ctx.refs.cnx);
  cnx.dialling = cnx.dialling.filter((sid) => sid !== ctx.thread.key);
  ctx.thread.ending = true;
}
