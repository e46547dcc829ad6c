/** What stands after a command's name, sorted into options, their values, and arguments. */
import { CommandError, type Expectation } from './command-error.ts';
import type { Scanner, Word } from './zkcli-words.ts';

/** Options of each command; those with a value name it after a colon. */
export const OPTIONS = {
  create: ['-s', '-e', '-c', '-t:ttl', '-b', '-n'],
  create2: ['-s', '-e', '-b', '-n'],
  delete: ['-v:version'],
  deleteall: ['-b:batch-size'],
  deletecontainer: [],
  set: ['-s', '-v:version', '-b', '-n'],
  get: ['-s', '-w'],
  stat: ['-w'],
  ls: ['-s', '-w', '-R'],
  getChildren: ['-w'],
  getAcl: ['-s'],
  setAcl: ['-s', '-v:version', '-R'],
  addauth: [],
  whoami: [],
  sync: [],
  getAllChildrenNumber: [],
  getEphemerals: [],
  addWatch: ['-m:watch-mode'],
  removewatches: ['-c', '-d', '-p', '-r', '-a'],
  checkwatches: ['-c', '-d', '-p', '-r', '-a'],
  setquota: ['-n:node-count', '-b:byte-count', '-N:node-count', '-B:byte-count'],
  listquota: [],
  delquota: ['-n', '-b', '-N', '-B'],
  config: ['-s', '-w'],
  reconfig: ['-s', '-v:config-version', '-add:servers', '-remove:servers', '-members:servers'],
  close: [],
  lock: [],
  unlock: [],
  'guarded-set': ['-b'],
  elect: [],
  resign: [],
  offer: ['-b', '-n'],
  take: [],
  enter: [],
  leave: [],
  check: ['-v:version'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CommandName = keyof typeof OPTIONS;

export interface Arguments {
  /** Those given, by what follows the dash, and where. */
  readonly flags: ReadonlyMap<string, Word>;
  /** The value of an option; null where it is not given. */
  readonly value: (option: string) => Word | null;
  /** Takes the next argument; throws when there is none. */
  readonly take: (expected: Expectation) => Word;
  readonly has: () => boolean;
  /** Throws when something is left. */
  readonly end: () => void;
  /** What is wrong where the command ends too early. */
  readonly atEnd: (expected: Expectation) => CommandError;
}

const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  version: 'version',
  ttl: 'ttl',
  'batch-size': 'batch-size',
  'watch-mode': 'watch-mode',
  'node-count': 'node-count',
  'byte-count': 'byte-count',
  'config-version': 'config-version',
  servers: 'servers',
};

export function sortWords(name: CommandName, words: readonly Word[], scanner: Scanner): Arguments {
  const options: readonly string[] = OPTIONS[name];
  const flags = new Map<string, Word>();
  const values = new Map<string, Word>();
  const rest: Word[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) continue;
    const kind = word.isQuoted ? undefined : options.find((option) => option.startsWith(`${word.text}:`))?.slice(word.text.length + 1);
    if (word.isQuoted || !word.text.startsWith('-') || word.text === '-') {
      rest.push(word);
    } else if (kind !== undefined) {
      const value = words[++i];
      if (value === undefined) throw tooEarly(scanner, EXPECTATIONS[kind] ?? 'data');
      flags.set(word.text.slice(1), word);
      values.set(word.text.slice(1), value);
    } else {
      addFlags(word, options, flags);
    }
  }
  let next = 0;
  const atEnd = (expected: Expectation): CommandError => tooEarly(scanner, expected);
  return {
    flags,
    value: (option) => values.get(option) ?? null,
    has: () => next < rest.length,
    take: (expected) => {
      const word = rest[next++];
      if (word === undefined) throw atEnd(expected);
      return word;
    },
    end: () => {
      const extra = rest[next];
      if (extra !== undefined) throw faultAt(extra, 'end');
    },
    atEnd,
  };
}

/** Several letters may stand in one word. */
function addFlags(word: Word, options: readonly string[], flags: Map<string, Word>): void {
  for (const letter of word.text.slice(1)) {
    if (!options.includes(`-${letter}`)) {
      const choices = options.map((option) => option.replace(':', ' '));
      throw new CommandError({ column: word.column, found: word.text, expected: 'option', choices, nearest: null });
    }
    flags.set(letter, word);
  }
}

/** The command ends where something was expected: at the end of the text, or before the ; or } that stands there. */
function tooEarly(scanner: Scanner, expected: Expectation): CommandError {
  return new CommandError({ column: scanner.at + 1, found: scanner.text.charAt(scanner.at), expected, choices: [], nearest: null });
}

export function faultAt(word: Word, expected: Expectation, choices: readonly string[] = []): CommandError {
  return new CommandError({ column: word.column, found: word.text, expected, choices, nearest: null });
}
