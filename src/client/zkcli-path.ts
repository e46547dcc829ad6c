/** The client's own check of paths (CLI-17, TREE-15), which says where a path goes wrong; the server checks them again. */
import { CommandError, type Expectation } from './command-error.ts';
import type { Word } from './zkcli-words.ts';

/** Controls (TREE-15). */
const controls = /\p{Cc}/u;
/** Surrogates and private use, and the end of the plane, by UTF-16 unit (TREE-29). */
const refused = /[\ud800-\uf8ff\ufff0-\uffff]/;

/** Throws CommandError. A sequential name may be only its number, after a / (TREE-14). */
export function checkPath(word: Word, isSequential: boolean): void {
  const path = isSequential ? `${word.text}1` : word.text;
  if (!word.text.startsWith('/')) throw fault(word, 0, 'leading-slash');
  for (const characters of [controls, refused]) {
    const at = path.search(characters);
    if (at !== -1) throw fault(word, at, 'path-character');
  }
  if (path === '/') return;
  if (path.endsWith('/')) throw fault(word, path.length - 1, 'no-trailing-slash');
  let start = 1;
  for (const name of path.slice(1).split('/')) {
    if (name === '' || name === '.' || name === '..') throw fault(word, start, 'node-name');
    start += name.length + 1;
  }
}

/** In a word of several quoted pieces the column is that of the word. */
function fault(word: Word, offset: number, expected: Expectation): CommandError {
  const column = word.column + offset + (word.isQuoted ? 1 : 0);
  const found = expected === 'path-character' ? word.text.charAt(offset) : word.text;
  return new CommandError({ column, found, expected, choices: [], nearest: null });
}
