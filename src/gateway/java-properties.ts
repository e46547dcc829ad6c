/** The syntax of java.util.Properties, in which zoo.cfg and dynamic configurations are written: comments, continued lines, escapes. */

export interface Property {
  readonly key: string;
  readonly value: string;
  /** Of its key, from 1. */
  readonly line: number;
  readonly column: number;
}

/** In the order of the file; a key that comes twice counts the last time, as in Java. */
export function parseProperties(text: string): Property[] {
  const properties = new Map<string, Property>();
  for (const { content, line, column } of logicalLines(text)) {
    const end = endOfKey(content);
    const value = /^[ \t\f]*[=:]?[ \t\f]*(.*)$/s.exec(content.slice(end))?.[1] ?? '';
    const key = unescaped(content.slice(0, end));
    properties.delete(key);
    properties.set(key, { key, value: unescaped(value).trim(), line, column });
  }
  return [...properties.values()];
}

interface LogicalLine {
  readonly content: string;
  readonly line: number;
  readonly column: number;
}

/** Without comments and empty lines; a line that ends in a backslash goes on in the next one, whose indent does not count. */
function* logicalLines(text: string): Generator<LogicalLine> {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const first = lines[i] ?? '';
    const indent = /^[ \t\f]*/.exec(first)?.[0].length ?? 0;
    let content = first.slice(indent);
    const line = i + 1;
    if (content === '' || content.startsWith('#') || content.startsWith('!')) continue;
    while (/(^|[^\\])(\\\\)*\\$/.test(content)) {
      i += 1;
      content = content.slice(0, -1) + (lines[i] ?? '').replace(/^[ \t\f]*/, '');
      if (i >= lines.length) break;
    }
    yield { content, line, column: indent + 1 };
  }
}

/** The first `=`, `:` or blank that is not escaped. */
function endOfKey(content: string): number {
  for (let i = 0; i < content.length; i++) {
    const unit = content.charAt(i);
    if (unit === '\\') i += 1;
    else if (/[=: \t\f]/.test(unit)) return i;
  }
  return content.length;
}

const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, unit: string | undefined) =>
    hex === undefined ? (CONTROLS[unit ?? ''] ?? unit ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
