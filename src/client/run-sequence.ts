/**
 * Runs commands of several requests. Each is written as the straight program that it is in Java, a generator that asks for an operation and
 * gets its answer. A generator is no data, and a client's memory is: so what is kept is the answers so far, and the program is run again
 * from its start to find what it asks next. It reads nothing but those answers.
 */
import { unreachable } from '../base/assert.ts';
import type { ClientOperation, SequenceOperation } from './items.ts';
import { delQuota, listQuota, setQuota } from './quota-commands.ts';
import type { Program, RunningSequence, SequenceOutcome } from './sequence.ts';
import { deleteAll, lsRecursive, setAclRecursive } from './tree-commands.ts';

/** What comes after these answers: the next operation, or the outcome. */
export function nextOf({ command, answers }: RunningSequence): ClientOperation | SequenceOutcome {
  const program = programOf(command);
  let turn = program.next();
  for (const answer of answers) turn = program.next(answer);
  return turn.value;
}

function programOf(command: SequenceOperation): Program {
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
    default:
      return unreachable(command);
  }
}

export function isOutcome(next: ClientOperation | SequenceOutcome): next is SequenceOutcome {
  return 'told' in next;
}
