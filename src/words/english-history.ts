/** English for violations that client histories show: each names the calls that cannot both be as they were told. */
import { unreachable } from '../base/assert.ts';
import type { CallName } from '../check/history.ts';
import type { FindingOf } from '../check/violation.ts';
import type { Names } from './names.ts';

/** `c1's setData /a (call 4, 1.7)` */
function callWords({ client, call, op, path, zxid }: CallName, w: Names): string {
  return `${client}'s ${op}${path === '' ? '' : ` ${path}`} (call ${call}${zxid === -1 ? '' : `, ${w.zxid(zxid)}`})`;
}

export function historyWords(f: FindingOf<'I-LIN' | 'I-SYNC'>, w: Names): string {
  const { path } = f.operands;
  const call = callWords(f.operands.call, w);
  switch (f.kind) {
    case 'too-early':
      return `${call} took effect before ${callWords(f.operands.other, w)}, which had returned`;
    case 'same-zxid':
      return `${call} took effect under the zxid of ${callWords(f.operands.other, w)}`;
    case 'contradiction':
      return `what ${call} was told of ${path} contradicts what ${callWords(f.operands.other, w)} was told`;
    case 'ahead':
      return `${call} was told that ${path} changed at ${w.zxid(f.operands.changed)}, after the state it was answered from`;
    case 'unexplained':
      return `${call} shows ${path} as it cannot be by ${w.zxid(f.operands.changed)}: no call made the ${f.operands.missing} that must have come before`;
    case 'wrong-version':
      return `${call} asked for version ${f.operands.asked} of ${path} and left version ${f.operands.version}`;
    case 'refused':
      return `${call} was refused with ${f.operands.error}, but ${otherWords(f.operands.other, path, w)}`;
    case 'listed':
      return `${call} lists ${path}, which nobody made, or which was deleted`;
    case 'not-listed':
      return `${call} does not list ${path}, but ${otherWords(f.operands.other, path, w)}`;
    case 'stale':
      return `${call} was answered from a state before ${callWords(f.operands.other, w)}, which had returned before ${callWords(f.operands.sync, w)}`;
    default:
      return unreachable(f);
  }
}

function otherWords(other: CallName | null, path: string, w: Names): string {
  return other === null ? `nobody had made ${path}` : `${callWords(other, w)} shows how ${path} was`;
}
