/**
 * How zkCli breaks a line into words: at blanks, unless a word begins with a quote and runs to the next such quote. There are no escapes.
 * Two things are ours: quoted pieces that touch are one word, so that a word can hold both kinds of quotes ("it's"'"'), and between the
 * braces of multi an unquoted word also ends at ; and }.
 */
import { CommandError } from './command-error.ts';

export interface Word {
  readonly text: string;
  readonly column: number;
  /** Quoted words are never options. */
  readonly isQuoted: boolean;
}

export interface Scanner {
  readonly text: string;
  at: number;
}

const blank = /[ \t\n\r\f\v]/;
const needsQuotes = /[ \t\n\r\f\v"';{}]|^-/;

export function makeScanner(text: string): Scanner {
  return { text, at: 0 };
}

/** The next character that is no blank; empty at the end. */
export function peekCharacter(scanner: Scanner): string {
  const { text } = scanner;
  while (scanner.at < text.length && blank.test(text.charAt(scanner.at))) scanner.at++;
  return text.charAt(scanner.at);
}

/** The words of one command: to the end, or between braces to before the next ; or }. */
export function takeWords(scanner: Scanner, isInBraces: boolean): Word[] {
  const words: Word[] = [];
  for (;;) {
    const next = peekCharacter(scanner);
    if (next === '' || (isInBraces && (next === ';' || next === '}'))) return words;
    words.push(next === '"' || next === "'" ? takeQuoted(scanner, isInBraces) : takeBare(scanner, isInBraces));
  }
}

/** One word, or the end. */
export function takeWord(scanner: Scanner): Word | null {
  const next = peekCharacter(scanner);
  if (next === '') return null;
  return next === '"' || next === "'" ? takeQuoted(scanner, false) : takeBare(scanner, false);
}

function takeBare(scanner: Scanner, isInBraces: boolean): Word {
  const { text, at: start } = scanner;
  while (scanner.at < text.length && !endsBare(text.charAt(scanner.at), isInBraces)) scanner.at++;
  return { text: text.slice(start, scanner.at), column: start + 1, isQuoted: false };
}

function endsBare(character: string, isInBraces: boolean): boolean {
  return blank.test(character) || (isInBraces && (character === ';' || character === '}'));
}

function takeQuoted(scanner: Scanner, isInBraces: boolean): Word {
  const { text, at: start } = scanner;
  let content = '';
  for (let quote = text.charAt(start); quote === '"' || quote === "'"; quote = text.charAt(scanner.at)) {
    const end = text.indexOf(quote, scanner.at + 1);
    if (end === -1) {
      throw new CommandError({
        column: scanner.at + 1,
        found: text.slice(scanner.at),
        expected: 'closing-quote',
        choices: [quote],
        nearest: null,
      });
    }
    content += text.slice(scanner.at + 1, end);
    scanner.at = end + 1;
  }
  const next = text.charAt(scanner.at);
  if (next !== '' && !endsBare(next, isInBraces)) {
    throw new CommandError({ column: scanner.at + 1, found: next, expected: 'blank', choices: [], nearest: null });
  }
  return { text: content, column: start + 1, isQuoted: true };
}

/** A word that reads back as `text`, in quotes where it needs them. */
export function quoteWord(text: string): string {
  if (text !== '' && !needsQuotes.test(text)) return text;
  if (!text.includes('"')) return `"${text}"`;
  if (!text.includes("'")) return `'${text}'`;
  return text
    .split('"')
    .map((piece) => `"${piece}"`)
    .join(`'"'`);
}
