/** ACLs as zkCli's AclParser reads them: `world:anyone:cdrwa,digest:user:hash:r`. Ours: permissions may be a number, as for none but 16. */
import { compareText } from '../base/text.ts';
import type { Acl, AclEntry } from '../server/protocol.ts';
import { CommandError, type Expectation } from './command-error.ts';
import type { Word } from './zkcli-words.ts';

/** The order of ZKUtil.getPermString (ACL-01). */
const LETTERS = [
  ['c', 4],
  ['d', 8],
  ['r', 1],
  ['w', 2],
  ['a', 16],
] as const;

/** Throws CommandError where zkCli complains and leaves the entry out. */
export function parseAcl(word: Word): Acl {
  let offset = 0;
  return word.text.split(',').map((text) => {
    const entry = parseEntry(text, word, offset);
    offset += text.length + 1;
    return entry;
  });
}

/** The id may hold colons: it lasts from the first to the last. */
function parseEntry(text: string, word: Word, offset: number): AclEntry {
  const first = text.indexOf(':');
  const last = text.lastIndexOf(':');
  if (first === -1 || first === last) throw fault(word, offset, text, 'acl');
  const perms = permsOf(text.slice(last + 1));
  if (perms === null) throw fault(word, offset + last + 1, text.slice(last + 1), 'permissions');
  return { perms, scheme: text.slice(0, first), id: text.slice(first + 1, last) };
}

function permsOf(text: string): number | null {
  if (/^-?\d{1,10}$/.test(text)) return Number(text) === (Number(text) | 0) ? Number(text) : null;
  let perms = 0;
  for (const letter of text) {
    const bit = LETTERS.find(([each]) => each === letter)?.[1];
    if (bit === undefined) return null;
    perms |= bit;
  }
  return perms;
}

function fault(word: Word, offset: number, found: string, expected: Expectation): CommandError {
  return new CommandError({ column: word.column + offset + (word.isQuoted ? 1 : 0), found, expected, choices: [], nearest: null });
}

export function formatAcl(acl: Acl): string {
  return acl.map(({ scheme, id, perms }) => `${scheme}:${id}:${permissionsText(perms)}`).join(',');
}

/** Letters where they say it all. */
export function permissionsText(perms: number): string {
  if ((perms & ~31) !== 0) return String(perms);
  return LETTERS.flatMap(([letter, bit]) => ((perms & bit) === 0 ? [] : [letter])).join('');
}

export function isSameAcl(a: Acl, b: Acl): boolean {
  return compareText(formatAcl(a), formatAcl(b)) === 0;
}
