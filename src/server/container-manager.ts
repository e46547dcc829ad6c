/**
 * ContainerManager: on a leader and on a standalone server a timer that looks for containers and TTL nodes that may go, and asks for their
 * deletion like a client without a session (TREE-19, TREE-20). It sees the tree as it is applied: PREP has the last word (VAL-06).
 */
import { unreachable } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import { sortedKeys } from '../base/table.ts';
import type { ServerContext } from './context.ts';
import { nodeAt } from './data-tree.ts';
import { ephemeralTypeOf, ttlOf } from './ephemeral-type.ts';
import { NO_SESSION } from './protocol.ts';
import { NO_CONNECTION, type ServerRequest } from './request.ts';
import { PREP } from './thread-kinds.ts';
import type { ContainerManager, StartItem, StopItem } from './thread-state.ts';
import type { Znode } from './znode.ts';

export type ContainerManagerInput = StartItem | StopItem | { readonly type: 'timeout' } | { readonly type: 'delete-next' };

export function stepContainerManager(ctx: ServerContext, input: ContainerManagerInput): void {
  if (input.type === 'start') {
    startTimer(ctx);
    return;
  }
  const manager = own(ctx.parts, ctx.refs.containerManager);
  if (manager.incarnation !== ctx.thread.incarnation) {
    ctx.thread.ending = true; // a later role has one of its own
    return;
  }
  switch (input.type) {
    case 'timeout':
      if (manager.candidates.length === 0 && ctx.now >= manager.nextCheck) checkContainers(ctx, manager);
      return deleteNext(ctx, manager);
    case 'delete-next':
      return deleteNext(ctx, manager);
    case 'stop':
      ctx.thread.ending = true;
      return;
    default:
      unreachable(input);
  }
}

function startTimer(ctx: ServerContext): void {
  const manager = own(ctx.parts, ctx.refs.containerManager);
  manager.incarnation = ctx.thread.incarnation;
  manager.candidates = [];
  manager.nextCheck = ctx.now + ctx.config.containerCheckIntervalMs * 1000;
  wait(ctx, manager.nextCheck);
}

/** At a fixed rate: a check that took longer than the interval is followed by the next at once. */
function checkContainers(ctx: ServerContext, manager: ContainerManager): void {
  manager.nextCheck += ctx.config.containerCheckIntervalMs * 1000;
  manager.candidates = candidatesAt(ctx, Math.floor(ctx.now / 1000));
}

/** ContainerManager.getCandidates, in order of paths; Java's is a hash set's. */
function candidatesAt(ctx: ServerContext, nowMs: number): string[] {
  const { parts, refs } = ctx;
  return sortedKeys(peek(parts, refs.containers)).filter((path) => {
    const node = nodeAt(parts, refs, path);
    return node !== null && node.children.length === 0 && isDue(ctx, node, nowMs - node.mtime);
  });
}

function isDue(ctx: ServerContext, node: Znode, idleMs: number): boolean {
  if (ephemeralTypeOf(node.ephemeralOwner) === 'TTL') return idleMs > ttlOf(node.ephemeralOwner);
  if (node.cversion > 0) return true;
  // ZOOKEEPER-4915: 0, which was the default, keeps a container that never had a child for ever.
  const neverUsedMs = ctx.config.containerMaxNeverUsedIntervalMs ?? ctx.decide.server.containerMaxNeverUsedIntervalMs;
  return neverUsedMs !== 0 && idleMs > neverUsedMs;
}

function deleteNext(ctx: ServerContext, manager: ContainerManager): void {
  const path = manager.candidates.shift();
  if (path !== undefined) ctx.effects.push({ type: 'enqueue', to: threadId(PREP, ctx.thread.incarnation), item: makeDeletion(path) });
  if (manager.candidates.length === 0) {
    wait(ctx, manager.nextCheck);
    return;
  }
  const pauseMs = Math.floor(60_000 / ctx.config.containerMaxPerMinute);
  if (pauseMs === 0) ctx.effects.push({ type: 'continue', item: { type: 'delete-next' } });
  else wait(ctx, ctx.now + pauseMs * 1000);
}

function makeDeletion(path: string): ServerRequest {
  return {
    type: 'request',
    session: NO_SESSION,
    cxid: 0,
    operation: { op: 'deleteContainer', path },
    connection: NO_CONNECTION,
    origin: NO_CONNECTION,
    owner: null,
    authInfo: [],
    exception: 'OK',
  };
}

/** Or until the role ends. */
function wait(ctx: ServerContext, until: number): void {
  ctx.thread.blockedOn = { on: 'queue', deadline: Math.max(until, ctx.now) };
}
