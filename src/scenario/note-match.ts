/** Expectations on the trace: does a note have this type, this place and these operands? */
import { zxidText } from '../base/zxid.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { Note } from '../ensemble/note.ts';
import type { NoteMatch } from './document.ts';
import { resolveNodes, type Bindings } from './server-ref.ts';

/** Operands that hold a server's id, and those that hold a node. */
const SIDS = ['sid', 'leader', 'from', 'peer', 'voters', 'acks', 'have'];
const NODES = ['server', 'node'];

/**
 * Names mean what they mean at the event: `at: leader`, `sid: old`. An operand inside another is written `mine.leader`. Zxids are written as
 * people do, lists with commas.
 */
export function matchesNote(wanted: NoteMatch, note: Note, ensemble: Ensemble, bindings: Bindings): boolean {
  if (wanted['note'] !== note.type) return false;
  for (const [key, value] of Object.entries(wanted)) {
    if (key === 'note') continue;
    const ok =
      key === 'at'
        ? resolveNodes(ensemble, value, bindings).includes(ensemble.world.record.node)
        : matchesOperand(key, value, note, ensemble, bindings);
    if (!ok) return false;
  }
  return true;
}

function matchesOperand(key: string, value: string, note: Note, ensemble: Ensemble, bindings: Bindings): boolean {
  const name = key.slice(key.lastIndexOf('.') + 1);
  const found = operandOf(note, key.split('.'));
  if (found === undefined) return false;
  if (textOf(name, found) === value) return true;
  const isSid = SIDS.includes(name);
  if (!isSid && !NODES.includes(name)) return false;
  const nodes = resolveNodes(ensemble, value, bindings);
  const numbers = nodes.map((node) => (isSid ? (ensemble.servers[node]?.sid ?? -1) : node));
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  return numbers.length > 0 && list.length === numbers.length && numbers.every((number) => list.includes(number));
}

function operandOf(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    const entry: readonly [string, unknown] | undefined = Object.entries(value).find(([key]) => key === part);
    value = entry?.[1];
  }
  return value;
}

function textOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => textOf(name, each)).join(', ');
  if (typeof value === 'number' && (/zxid/i.test(name) || ZXIDS.includes(name))) return zxidText(value);
  return String(value);
}

/** Operands that are zxids by another name. */
const ZXIDS = ['expected', 'history', 'snapshot', 'minCommittedLog', 'maxCommittedLog'];

export function matchText(wanted: NoteMatch): string {
  const { note = '', at, ...operands } = wanted;
  const rest = Object.entries(operands).map(([key, value]) => `${key} ${value}`);
  return `${note}${at === undefined ? '' : ` at ${at}`}${rest.length === 0 ? '' : ` with ${rest.join(', ')}`}`;
}
