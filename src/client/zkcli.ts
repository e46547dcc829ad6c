/**
 * Client operations as people write them, in the syntax of ZooKeeper's zkCli:
 *
 *     create [-s] [-e] [-b] path [data]      get [-s] [-w] path      sync path
 *     set [-s] [-b] [-v version] path data   stat [-w] path          close
 *     set -n [-s] [-v version] path          ls [-s] [-w] path       multi { command; command ... }
 *     delete [-v version] path
 *
 * Options may stand anywhere after the command and in one word (-se). Ours: `multi`, which zkCli lacks, holds create, delete, set and `check
 * [-v version] path`; `set -n` writes null data; `create -b` takes base64 as `set -b` does. Paths follow the client's own rules (CLI-17).
 */
import { bytesOfBase64 } from '../base/base64.ts';
import { bytesOfUtf8, type Bytes } from '../base/bytes.ts';
import { nearest } from '../base/text.ts';
import { OPEN_ACL_UNSAFE, type CreateMode } from '../server/protocol.ts';
import { CommandError, type Expectation } from './command-error.ts';
import type { ClientOperation } from './items.ts';
import { checkPath } from './zkcli-path.ts';
import { makeScanner, peekCharacter, takeWord, takeWords, type Scanner, type Word } from './zkcli-words.ts';

/** An operation, and whether its result is printed with the Stat, which changes nothing for the server. */
export interface Command {
  readonly operation: ClientOperation;
  readonly showsStat: boolean;
}

/** Options of each command; those with ':' take a value. */
const OPTIONS = {
  create: ['-s', '-e', '-b'],
  delete: ['-v:'],
  set: ['-s', '-v:', '-b', '-n'],
  get: ['-s', '-w'],
  stat: ['-w'],
  ls: ['-s', '-w'],
  sync: [],
  close: [],
  check: ['-v:'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type CommandName = keyof typeof OPTIONS;

const NAMES: readonly string[] = ['create', 'delete', 'set', 'get', 'stat', 'ls', 'sync', 'close', 'multi'];
const NAMES_IN_MULTI: readonly string[] = ['create', 'delete', 'set', 'check'];

/** What the Java API, other shells and zkCli's deprecated commands call them. */
const ALIASES: Readonly<Record<string, string>> = {
  exists: 'stat',
  getdata: 'get',
  setdata: 'set',
  getchildren: 'ls',
  ls2: 'ls',
  list: 'ls',
  rm: 'delete',
  rmr: 'delete',
  deleteall: 'delete',
  quit: 'close',
  transaction: 'multi',
};

/** Reads one command. Throws CommandError. */
export function parseCommand(text: string): Command {
  const scanner = makeScanner(text);
  const name = takeWord(scanner);
  if (name === null) throw unknownCommand({ text: '', column: scanner.at + 1, isQuoted: false }, 'command', NAMES);
  if (name.text === 'multi') return { operation: parseMulti(scanner), showsStat: false };
  if (!isName(name.text) || name.text === 'check') throw unknownCommand(name, 'command', NAMES);
  return parseSimple(name.text, takeWords(scanner, false), scanner);
}

/** As parseCommand, for those who print no results. */
export function parseOperation(text: string): ClientOperation {
  return parseCommand(text).operation;
}

function isName(name: string): name is CommandName {
  return Object.hasOwn(OPTIONS, name);
}

function unknownCommand(word: Word, expected: Expectation, choices: readonly string[]): CommandError {
  const lower = word.text.toLowerCase();
  const alias = Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? null) : null;
  const meant = alias ?? nearest(word.text, choices);
  const fits = meant !== null && choices.includes(meant) ? meant : null;
  return new CommandError({ column: word.column, found: word.text, expected, choices, nearest: fits });
}

/** Between braces, separated by semicolons; a trailing one does no harm, and there may be no command at all (MULTI-08). */
function parseMulti(scanner: Scanner): ClientOperation {
  expectCharacter(scanner, '{', 'opening-brace');
  const ops: ClientOperation[] = [];
  for (;;) {
    const [name, ...words] = takeWords(scanner, true);
    const next = peekCharacter(scanner);
    if (name !== undefined) {
      if (!isName(name.text) || !NAMES_IN_MULTI.includes(name.text)) throw unknownCommand(name, 'multi-command', NAMES_IN_MULTI);
      ops.push(parseSimple(name.text, words, scanner).operation);
    }
    if (next !== ';') break;
    scanner.at++;
  }
  expectCharacter(scanner, '}', 'closing-brace');
  if (peekCharacter(scanner) !== '') throw fault(scanner.at + 1, scanner.text.slice(scanner.at), 'end');
  return { op: 'multi', ops };
}

function expectCharacter(scanner: Scanner, character: string, expected: Expectation): void {
  const next = peekCharacter(scanner);
  if (next !== character) throw fault(scanner.at + 1, next, expected);
  scanner.at++;
}

function fault(column: number, found: string, expected: Expectation, choices: readonly string[] = []): CommandError {
  return new CommandError({ column, found, expected, choices, nearest: null });
}

/** What stands after a command's name, sorted into options and arguments. */
interface Arguments {
  readonly flags: ReadonlySet<string>;
  readonly version: number;
  /** Takes the next argument; throws when there is none. */
  readonly take: (expected: Expectation) => Word;
  readonly has: () => boolean;
  /** Throws when something is left. */
  readonly end: () => void;
}

function sortWords(name: CommandName, words: readonly Word[], scanner: Scanner): Arguments {
  const options: readonly string[] = OPTIONS[name];
  const flags = new Set<string>();
  const rest: Word[] = [];
  let version = -1;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) continue;
    if (word.isQuoted || !word.text.startsWith('-') || word.text === '-') {
      rest.push(word);
    } else if (word.text === '-v' && options.includes('-v:')) {
      version = versionOf(words[++i], scanner);
    } else {
      addFlags(word, options, flags);
    }
  }
  let next = 0;
  return {
    flags,
    version,
    has: () => next < rest.length,
    take: (expected) => {
      const word = rest[next++];
      if (word === undefined) throw atEnd(scanner, expected);
      return word;
    },
    end: () => {
      const extra = rest[next];
      if (extra !== undefined) throw fault(extra.column, extra.text, 'end');
    },
  };
}

function addFlags(word: Word, options: readonly string[], flags: Set<string>): void {
  for (const letter of word.text.slice(1)) {
    if (!options.includes(`-${letter}`)) {
      const choices = options.map((option) => option.replace(':', ' version'));
      throw fault(word.column, word.text, 'option', choices);
    }
    flags.add(letter);
  }
}

/** The command ends where something was expected: at the end of the text, or before the ; or } that stands there. */
function atEnd(scanner: Scanner, expected: Expectation): CommandError {
  return fault(scanner.at + 1, scanner.text.charAt(scanner.at), expected);
}

function versionOf(word: Word | undefined, scanner: Scanner): number {
  if (word === undefined) throw atEnd(scanner, 'version');
  const version = /^-?\d{1,10}$/.test(word.text) ? Number(word.text) : Infinity;
  if (version !== (version | 0)) throw fault(word.column, word.text, 'version');
  return version;
}

function parseSimple(name: CommandName, words: readonly Word[], scanner: Scanner): Command {
  const args = sortWords(name, words, scanner);
  const operation = operationOf(name, args);
  args.end();
  return { operation, showsStat: args.flags.has('s') && name !== 'create' };
}

function operationOf(name: CommandName, args: Arguments): ClientOperation {
  const { version } = args;
  const watch = args.flags.has('w');
  switch (name) {
    case 'create':
      return createOf(args);
    case 'set':
      return { op: 'setData', path: pathOf(args), data: args.flags.has('n') ? null : dataOf(args), version };
    case 'delete':
      return { op: 'delete', path: pathOf(args), version };
    case 'check':
      return { op: 'check', path: pathOf(args), version };
    case 'get':
      return { op: 'getData', path: pathOf(args), watch };
    case 'stat':
      return { op: 'exists', path: pathOf(args), watch };
    case 'ls':
      return { op: 'getChildren', path: pathOf(args), watch };
    case 'sync':
      return { op: 'sync', path: pathOf(args) };
    case 'close':
      return { op: 'closeSession' };
    default:
      return name;
  }
}

function createOf(args: Arguments): ClientOperation {
  const isSequential = args.flags.has('s');
  const isEphemeral = args.flags.has('e');
  const path = pathOf(args, isSequential);
  const data = args.has() ? dataOf(args) : null;
  const mode: CreateMode = isEphemeral
    ? isSequential
      ? 'EPHEMERAL_SEQUENTIAL'
      : 'EPHEMERAL'
    : isSequential
      ? 'PERSISTENT_SEQUENTIAL'
      : 'PERSISTENT';
  return { op: 'create', path, data, acl: OPEN_ACL_UNSAFE, mode };
}

function pathOf(args: Arguments, isSequential = false): string {
  const word = args.take('path');
  checkPath(word, isSequential);
  return word.text;
}

function dataOf(args: Arguments): Bytes {
  const word = args.take('data');
  if (!args.flags.has('b')) return bytesOfUtf8(word.text);
  const data = bytesOfBase64(word.text);
  if (data === null) throw fault(word.column, word.text, 'base64');
  return data;
}
