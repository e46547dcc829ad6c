/**
 * Client operations as people write them, in the syntax of ZooKeeper's zkCli, each the requests that zkCli makes:
 *
 *     create [-s] [-e] [-c] [-t ttl] [-b] path [data] [acl]    getAcl [-s] path
 *     set [-s] [-b] [-v version] path data                     setAcl [-s] [-v version] [-R] path acl
 *     get [-s] [-w] path         stat [-w] path                addauth scheme auth         whoami
 *     ls [-s] [-w] [-R] path     sync path                     addWatch [-m mode] path     removewatches [-c|-d|-p|-r|-a] path
 *     delete [-v version] path   deleteall [-b batch] path     setquota -n|-b|-N|-B value path
 *     getAllChildrenNumber path  getEphemerals [path]          listquota path              delquota [-n|-b|-N|-B] path
 *     config [-s] [-w]           close                         reconfig [-v version] [-add servers] [-remove ids] [-members servers]
 *
 * Options may stand anywhere after the command and in one word (-se). Ours, since zkCli has no command for them: `multi { command; ... }` of
 * create, create2, delete, set, deletecontainer and `check [-v version] path`; `multiread { get path; getChildren path; ... }`; `create2`, `getChildren [-w]`,
 * `checkwatches` and `deletecontainer`, which are the requests of those names; `set -n` and `create -n` write null data; `create -b` takes
 * base64 as `set -b` does. So are the recipes of ZooKeeper's documentation, on the children of a node: `lock path`, `unlock path` and
 * `guarded-set lock path data`, which writes only while the lock is held; `elect path` and `resign path`; `offer path [data]` and `take path` of a
 * queue; `enter path count` and `leave path` of a double barrier. `lock`, `elect`, `enter` and `leave` return when their turn has come. Paths follow the client's own rules (CLI-17).
 */
import { nearest } from '../base/text.ts';
import { CommandError, type Expectation } from './command-error.ts';
import type { ClientOperation, Submission } from './items.ts';
import { isSequence } from './sequence.ts';
import { operationOf } from './zkcli-operations.ts';
import { OPTIONS, sortWords, type CommandName } from './zkcli-options.ts';
import { makeScanner, peekCharacter, takeWord, takeWords, type Scanner, type Word } from './zkcli-words.ts';

/** An operation, and whether its result is printed with the Stat, which changes nothing for the server. */
export interface Command {
  readonly operation: Submission;
  readonly showsStat: boolean;
}

const ONLY_IN_MULTI: readonly string[] = ['check'];
const BRACED = ['multi', 'multiread'] as const;
const NAMES: readonly string[] = [...Object.keys(OPTIONS).filter((name) => !ONLY_IN_MULTI.includes(name)), ...BRACED];

/** MULTI-02, MULTI-12. */
const NAMES_IN: Readonly<Record<(typeof BRACED)[number], readonly CommandName[]>> = {
  multi: ['create', 'create2', 'delete', 'deletecontainer', 'set', 'check'],
  multiread: ['get', 'getChildren'],
};

/** What the Java API, other shells and zkCli's deprecated commands call them. */
const ALIASES: Readonly<Record<string, string>> = {
  exists: 'stat',
  getdata: 'get',
  setdata: 'set',
  ls2: 'ls',
  list: 'ls',
  rm: 'delete',
  rmr: 'deleteall',
  quit: 'close',
  exit: 'close',
  transaction: 'multi',
  createcontainer: 'create',
  createttl: 'create',
  acl: 'getAcl',
  auth: 'addauth',
  watch: 'addWatch',
  unwatch: 'removewatches',
};

/** Reads one command. Throws CommandError. */
export function parseCommand(text: string): Command {
  const scanner = makeScanner(text);
  const name = takeWord(scanner);
  if (name === null) throw unknownCommand({ text: '', column: scanner.at + 1, isQuoted: false }, 'command', NAMES);
  const braced = BRACED.find((each) => each === name.text);
  if (braced !== undefined) return { operation: parseBraced(scanner, braced), showsStat: false };
  if (!isName(name.text) || ONLY_IN_MULTI.includes(name.text)) throw unknownCommand(name, 'command', NAMES);
  return parseSimple(name.text, takeWords(scanner, false), scanner);
}

/** As parseCommand, for those who print no results. */
export function parseOperation(text: string): Submission {
  return parseCommand(text).operation;
}

function isName(name: string): name is CommandName {
  return Object.hasOwn(OPTIONS, name);
}

function unknownCommand(word: Word, expected: Expectation, choices: readonly string[]): CommandError {
  const lower = word.text.toLowerCase();
  const alias = Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? null) : null;
  const meant = alias ?? choices.find((each) => each.toLowerCase() === lower) ?? nearest(word.text, choices);
  const fits = meant !== null && choices.includes(meant) ? meant : null;
  return new CommandError({ column: word.column, found: word.text, expected, choices, nearest: fits });
}

/** Between braces, separated by semicolons; a trailing one does no harm, and there may be no command at all (MULTI-08). */
function parseBraced(scanner: Scanner, op: (typeof BRACED)[number]): ClientOperation {
  expectCharacter(scanner, '{', 'opening-brace');
  const ops: ClientOperation[] = [];
  for (;;) {
    const [name, ...words] = takeWords(scanner, true);
    const next = peekCharacter(scanner);
    if (name !== undefined) ops.push(parsePart(name, words, scanner, NAMES_IN[op]));
    if (next !== ';') break;
    scanner.at++;
  }
  expectCharacter(scanner, '}', 'closing-brace');
  if (peekCharacter(scanner) !== '') throw fault(scanner.at + 1, scanner.text.slice(scanner.at), 'end');
  return op === 'multi' ? { op, ops } : { op: 'multiRead', ops };
}

function parsePart(name: Word, words: readonly Word[], scanner: Scanner, names: readonly CommandName[]): ClientOperation {
  const known = names.find((each) => each === name.text);
  if (known === undefined) throw unknownCommand(name, 'multi-command', names);
  const { operation } = parseSimple(known, words, scanner);
  if (isSequence(operation)) throw unknownCommand(name, 'multi-command', names);
  return operation;
}

function expectCharacter(scanner: Scanner, character: string, expected: Expectation): void {
  const next = peekCharacter(scanner);
  if (next !== character) throw fault(scanner.at + 1, next, expected);
  scanner.at++;
}

function fault(column: number, found: string, expected: Expectation): CommandError {
  return new CommandError({ column, found, expected, choices: [], nearest: null });
}

/** In create, -s is for sequential. */
const WITHOUT_STAT: readonly CommandName[] = ['create', 'create2'];

function parseSimple(name: CommandName, words: readonly Word[], scanner: Scanner): Command {
  const args = sortWords(name, words, scanner);
  const operation = operationOf(name, args);
  args.end();
  return { operation, showsStat: args.flags.has('s') && !WITHOUT_STAT.includes(name) && !isSequence(operation) };
}
