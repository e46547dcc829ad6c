/**
 * Runs commands of several requests. Each is written as the straight program that it is in Java, a generator that asks for an operation and
 * gets its answer. A generator is no data, and a client's memory is: so what is kept is the answers so far, and the program is run again
 * from its start to find what it asks next. It reads nothing but those answers.
 */
import { unreachable } from '../base/assert.ts';
import { own } from '../base/parts.ts';
import { enterBarrier, leaveBarrier } from './barrier-recipe.ts';
import { answerSequence } from './client-cnxn.ts';
import type { ClientState, Held } from './client-state.ts';
import type { ClientContext } from './context.ts';
import type { ClientDecisions } from './decisions.ts';
import type { SequenceOperation } from './items.ts';
import { guardedSet, leaveLine, standInLine } from './lock-recipe.ts';
import { offer, take } from './queue-recipe.ts';
import { delQuota, listQuota, setQuota } from './quota-commands.ts';
import type { Answer, Asked, Await, Program, RunningSequence, SequenceOutcome } from './sequence.ts';
import { deleteAll, lsRecursive, setAclRecursive } from './tree-commands.ts';

const EVENT: Answer = { error: 'OK', result: null };

/** What comes after these answers: what it asks for next, or the outcome. */
export function nextOf(running: RunningSequence, decide: ClientDecisions): Asked | SequenceOutcome {
  const program = programOf(running.command, running, decide);
  let turn = program.next();
  for (const answer of running.answers) turn = program.next(answer);
  return turn.value;
}

function programOf(command: SequenceOperation, { tag, held }: RunningSequence, decide: ClientDecisions): Program {
  switch (command.op) {
    case 'deleteall':
      return deleteAll(command.path, command.batchSize);
    case 'ls-recursive':
      return lsRecursive(command.path, command.watch);
    case 'setAcl-recursive':
      return setAclRecursive(command.path, command.acl, command.version);
    case 'setquota':
      return setQuota(command.path, command.limit, command.value);
    case 'listquota':
      return listQuota(command.path);
    case 'delquota':
      return delQuota(command.path, command.limit);
    case 'lock':
    case 'elect':
      return standInLine(command.path, tag, decide);
    case 'unlock':
    case 'resign':
      return leaveLine(held);
    case 'guarded-set':
      return guardedSet(command.target, command.data, held, decide);
    case 'offer':
      return offer(command.path, command.data, tag);
    case 'take':
      return take(command.path, decide);
    case 'enter':
      return enterBarrier(command.path, command.size, tag);
    case 'leave':
      return leaveBarrier(command.path, held, decide);
    default:
      return unreachable(command);
  }
}

export function isOutcome(next: Asked | SequenceOutcome): next is SequenceOutcome {
  return 'told' in next;
}

/** The event may have come before the program asked for it: it follows the answer that left the watch at once. */
export function awaitEvent(ctx: ClientContext, client: ClientState, running: RunningSequence, { path, before }: Await): void {
  const { call, heard } = running;
  ctx.note({ type: 'client-waits', call, path, before });
  const at = heard.indexOf(path);
  const waiting: RunningSequence = at === -1 ? { ...running, waits: path } : { ...running, heard: heard.toSpliced(at, 1) };
  client.sequences = client.sequences.map((each) => (each === running ? waiting : each));
  if (at !== -1) answerSequence(ctx, call, EVENT);
}

/** A watcher was told: programs that wait for this path go on, the others may ask for it yet. */
export function hearEvent(ctx: ClientContext, path: string): void {
  const client = own(ctx.parts, ctx.refs.client);
  for (const { call, waits } of client.sequences) {
    if (waits === path) answerSequence(ctx, call, EVENT);
    else client.sequences = client.sequences.map((each) => (each.call === call ? { ...each, heard: [...each.heard, path] } : each));
  }
}

/** What an application believes to hold after a command. */
export function heldAfter(held: readonly Held[], command: SequenceOperation, { error, told }: SequenceOutcome): readonly Held[] {
  const { op, path } = command;
  const node = told[0]?.key === 'path' ? told[0].path : null;
  if (error !== 'OK') return held;
  if (op === 'unlock' || op === 'resign' || op === 'leave') return held.filter((each) => each.path !== path);
  if ((op === 'lock' || op === 'elect' || op === 'enter') && node !== null)
    return [...held.filter((each) => each.path !== path), { path, node }];
  return held;
}
