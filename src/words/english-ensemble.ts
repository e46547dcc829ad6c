/** English for faults, operations and the script. */
import { unreachable } from '../base/assert.ts';
import type { Action } from '../ensemble/action.ts';
import type { EnsembleFact } from '../ensemble/note.ts';
import { threadNameOf } from '../ensemble/thread-names.ts';
import type { MessageMatch } from '../kernel/network-state.ts';
import { operationText } from './english-operations.ts';
import type { WordsFor } from './english-zab.ts';
import type { Names } from './names.ts';

function matchWords(match: MessageMatch, w: Names): string {
  const parts = [match.packet ?? 'any packet'];
  if (match.zxid !== undefined) parts.push(w.zxid(match.zxid));
  if (match.from !== undefined) parts.push(`from ${w.node(match.from)}`);
  if (match.to !== undefined) parts.push(`to ${w.node(match.to)}`);
  return parts.join(' ');
}

/** What was done, as a clause without a subject. */
export function actionWords(action: Action, w: Names): string {
  switch (action.type) {
    case 'start':
      return `${w.node(action.node)} is started`;
    case 'kill':
      return `${w.node(action.node)} is killed`;
    case 'power-loss':
      return `${w.node(action.node)} loses power`;
    case 'stop':
      return `${w.node(action.node)} is told to stop`;
    case 'pause':
      return `${w.node(action.node)} is paused`;
    case 'resume':
      return `${w.node(action.node)} is resumed`;
    case 'stall':
      return `the ${threadNameOf(action.kind)} of ${w.node(action.node)} is held up${action.forUs === null ? '' : ` for ${action.forUs / 1000} ms`}`;
    case 'unstall':
      return `the ${threadNameOf(action.kind)} of ${w.node(action.node)} may go on`;
    case 'partition':
      return `the network splits: ${action.groups.map((group) => `{${group.map((node) => w.node(node)).join(', ')}}`).join(' | ')}`;
    case 'cut':
      return `nothing gets from ${w.node(action.from)} to ${w.node(action.to)} any more`;
    case 'mend':
      return `packets get from ${w.node(action.from)} to ${w.node(action.to)} again`;
    case 'heal':
      return 'the network is whole again';
    case 'break':
      return `the connections between ${w.node(action.a)} and ${w.node(action.b)} break`;
    case 'disk':
      return `the disk of ${w.node(action.node)} changes: ${JSON.stringify(action.faults)}`;
    case 'tear-tail':
      return `the last record of ${action.file} on ${w.node(action.node)} is torn`;
    case 'link':
      return `the link from ${w.node(action.from)} to ${w.node(action.to)} changes`;
    case 'message-rule':
      return `the next ${matchWords(action.match, w)} will suffer: ${action.action}`;
    case 'remove-rule':
      return `rule ${action.rule} on messages ends`;
    case 'packet':
    case 'packets':
      return `${action.type === 'packets' ? matchWords(action.match, w) : 'a packet'} on its way: ${typeof action.action === 'string' ? action.action : `delayed ${action.action.delayUs} us`}`;
    case 'invoke':
      return `${w.node(action.node)} is asked for: ${operationText(action.operation)}`;
    case 'move-client':
      return `${w.node(action.node)} is told to use ${w.node(action.server)}`;
    case 'disconnect-client':
      return `${w.node(action.node)} is told to disconnect`;
    case 'open-client':
      return `${w.node(action.node)} opens a new session`;
    case 'reset-stats':
      return `${w.node(action.node)} counts ${action.of === 'server' ? 'what it serves' : 'what each connection does'} anew`;
    case 'tcp-open':
      return `${action.address} dials ${w.node(action.server)}`;
    case 'tcp-packet':
      return `connection ${action.connection} sends ${action.packet.type === 'OP' ? operationText(action.packet.operation) : action.packet.type}`;
    case 'tcp-hold':
      return `connection ${action.connection} does not read`;
    case 'tcp-take':
      return `connection ${action.connection} reads again`;
    case 'tcp-close':
      return `connection ${action.connection} is ${action.how === 'eof' ? 'closed' : 'reset'} by its client`;
    case 'calm':
      return 'every fault ends and every process is started';
    default:
      return unreachable(action);
  }
}

function scriptWords({ what, text, name }: Extract<EnsembleFact, { readonly type: 'script' }>): string {
  switch (what) {
    case 'timed-out':
      return `waited in vain: ${text}`;
    case 'nobody':
      return `nothing is done, for there is no ${name}: ${text}`;
    case 'down':
      return `nothing is done, for ${name} is down: ${text}`;
    case 'nothing':
      return `there was nothing to act on: ${text}`;
    case 'entered':
    case 'reached':
      return `${what}: ${text}`;
    case 'done':
      return 'the script is over';
    default:
      return unreachable(what);
  }
}

export const ENGLISH_ENSEMBLE: WordsFor<EnsembleFact> = {
  'node-up': () => 'starts',
  'node-down': (n) =>
    n.how === 'exit'
      ? `exits (${n.why})`
      : n.how === 'kill'
        ? 'is dead; what it wrote stays in the page cache'
        : 'is dark; what was not synced is lost',
  'node-paused': () => 'stands still',
  'node-resumed': () => 'goes on',
  acted: (n, w) => `${actionWords(n.action, w)}${n.bit ? '' : ' (it found nothing to act on)'}`,
  calm: () => 'no fault is left',
  script: (n) => scriptWords(n),
  said: (n) => n.text.trim().replace(/\s+/g, ' '),
};
