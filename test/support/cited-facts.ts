// Which behaviour ids the tests and the sources cite. A test cites in brackets in its name or its row, `[ELEC-17]`, `[SYNC-44..47, ID-12]`; a source in a
// comment or a text.

import { readFileSync } from 'node:fs';
import { repositoryFiles } from '../tidy/repository.ts';
import { nodesOf, parseSource } from '../tidy/source.ts';

export interface Cited {
  /** Path of the file. */
  readonly by: string;
  readonly id: string;
}

export function citedByTests(): Cited[] {
  return repositoryFiles()
    .filter((path) => /^test\/(.*\.test|conformance\/cases\/.*)\.ts$/.test(path))
    .flatMap((path) => textsOf(path).flatMap((text) => bracketed(text).map((id) => ({ by: path, id }))));
}

export function citedBySources(): Cited[] {
  return repositoryFiles()
    .filter((path) => /^src\/.*\.ts$/.test(path))
    .flatMap((path) => idsIn(readFileSync(path, 'utf8')).map((id) => ({ by: path, id })));
}

/** Every text in a file: names of tests, and rows that become names. */
function textsOf(path: string): string[] {
  const texts: string[] = [];
  for (const { node } of nodesOf(parseSource(path, readFileSync(path, 'utf8')).program)) {
    const value = node['value'];
    if (node.type === 'Literal' && typeof value === 'string') texts.push(value);
    if (node.type === 'TemplateElement' && typeof value === 'object' && value !== null && 'raw' in value) texts.push(String(value.raw));
  }
  return texts;
}

export function bracketed(text: string): string[] {
  return [...text.matchAll(/\[([A-Z]+-\d[^\]]*)\]/g)].flatMap(([, list = '']) => idsIn(list));
}

/** `ELEC-17`, and all of `SYNC-44..47`, `SESS-30/31`. Issue numbers and other numbered names do not count. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(/\b([A-Z]{2,6})-(\d{2})((?:\.\.|\/)\d{2})*(?!\d)/g)].flatMap(([found, area = '']) => {
    const numbers = [...found.matchAll(/\d{2}/g)].map(Number);
    const [first = 0, last = first] = found.includes('..') ? [numbers[0], numbers.at(-1)] : [];
    const all = found.includes('..') ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : numbers;
    return all.map((n) => `${area}-${String(n).padStart(2, '0')}`);
  });
}
