/** What is wrong with a command that a person wrote: data for the words of any language, and a plain sentence for want of those. */

export type Expectation =
  | 'command'
  | 'multi-command' // one that multi can hold
  | 'path'
  | 'data'
  | 'version'
  | 'config-version'
  | 'ttl'
  | 'batch-size'
  | 'watch-mode'
  | 'acl'
  | 'permissions'
  | 'scheme'
  | 'limit'
  | 'node-count'
  | 'byte-count'
  | 'participants'
  | 'quota-path'
  | 'servers'
  | 'alone' // no other option beside it
  | 'option'
  | 'base64'
  | 'end'
  | 'closing-quote'
  | 'blank'
  | 'opening-brace'
  | 'closing-brace'
  | 'leading-slash'
  | 'no-trailing-slash'
  | 'node-name' // neither empty nor '.' nor '..'
  | 'path-character';

const SENTENCES: Readonly<Record<Expectation, string>> = {
  command: 'a command',
  'multi-command': 'a command that may stand there',
  path: 'a path',
  data: 'data',
  version: 'a version, an integer of 32 bits',
  'config-version': 'the version of a configuration, in hexadecimal digits',
  ttl: 'a time to live of 1 to 1099511627775 milliseconds',
  'batch-size': 'how many nodes to delete at a time, 0 or more',
  'watch-mode': 'a mode',
  acl: 'entries of the form scheme:id:permissions with commas between them',
  permissions: 'permissions, which are letters of cdrwa or a number',
  scheme: 'a scheme, such as digest',
  limit: 'one of the limits -n, -b, -N and -B with its value',
  'node-count': 'a number of nodes above 0',
  'byte-count': 'a number of bytes',
  participants: 'how many take part, 1 or more',
  'quota-path': 'a path other than / and outside /zookeeper/quota',
  servers: 'servers, or their ids, with commas between them',
  alone: 'no other option of its kind beside it',
  option: 'an option of this command, or quotes around data that begins with -',
  base64: 'base64 with padding',
  end: 'the end of the command, or quotes around data with blanks',
  'closing-quote': 'a closing quote',
  blank: 'a blank after the closing quote',
  'opening-brace': '{',
  'closing-brace': '}',
  'leading-slash': 'a path that begins with /',
  'no-trailing-slash': 'a path without / at its end',
  'node-name': 'the name of a node, which is not empty, . or ..',
  'path-character': 'a character that paths may hold',
};

export interface CommandFault {
  /** Where, in UTF-16 units from 1. */
  readonly column: number;
  /** What stands there; empty at the end of the text. */
  readonly found: string;
  readonly expected: Expectation;
  /** What would be right there, where these can be listed. */
  readonly choices: readonly string[];
  /** The choice that was probably meant. */
  readonly nearest: string | null;
}

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly fault: CommandFault;

  constructor(fault: CommandFault) {
    super(sentenceOf(fault));
    this.fault = fault;
  }
}

function sentenceOf({ column, found, expected, choices, nearest }: CommandFault): string {
  const what = found === '' ? 'the end' : `'${found}'`;
  const list = choices.length === 0 ? '' : ` (${choices.join(', ')})`;
  const meant = nearest === null ? '' : `; did you mean '${nearest}'?`;
  return `column ${column}: found ${what}, expected ${SENTENCES[expected]}${list}${meant}`;
}
