/** A scenario's values as the text of a file for people: a line an entry, what is short on one line. */
import { Document, isCollection, isMap, isScalar, isSeq, visit } from 'yaml';

/** Longer maps and lists stand on lines of their own. */
const FLOW_MAX = 120;

/** Every scalar is its text, as the reader has it, so that nothing that looks like a number need be quoted. */
export function scenarioText(plain: Readonly<Record<string, unknown>>): string {
  const document = new Document(asTexts(plain), { schema: 'failsafe', aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, pair) => {
      const key = isScalar(pair.key) ? pair.key.value : '';
      // A paragraph for the reader, and the entries that he reads one by one.
      if (key === 'about' && isScalar(pair.value)) pair.value.type = 'BLOCK_FOLDED';
      else if (!BLOCKS.some((name) => name === key) && isCollection(pair.value)) pair.value.flow = isShort(pair.value);
    },
    Seq: (_, seq, path) => {
      const parent = path.at(-1);
      if (isSeq(parent) || isMap(parent)) seq.flow = isShort(seq);
    },
    Map: (key, map) => {
      // A client with more than its name is a map in a list of maps.
      if (typeof key === 'number' && map.items.length > 1 && map.has('name')) map.flow = true;
    },
  });
  return document.toString({ lineWidth: 140, flowCollectionPadding: true });
}

const BLOCKS = ['clients', 'script', 'schedule', 'expect'] as const;

function isShort(node: { readonly toJSON: () => unknown }): boolean {
  return JSON.stringify(node.toJSON()).length <= FLOW_MAX;
}

function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asTexts(each)]));
}
