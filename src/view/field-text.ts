/** Plain data as short text: for operands, packets and what an event changed. */
import { zxidText } from '../base/zxid.ts';

const LIST_MAX = 6;
const DEPTH_MAX = 2;
const TEXT_MAX = 60;

/** Kept for scheduling, or to find things: nothing that the page speaks of. */
export const BOOKKEEPING: ReadonlySet<string> = new Set([
  'lastEvent',
  'readyAt',
  'steps',
  'draws',
  'cause',
  'dialler',
  'reader',
  'writers',
  'slots',
  'sizes',
  'full',
  'threads',
  'head',
  'lastAt',
  'sent',
  'sentAt',
  'process',
  'syncs',
  'generations',
  'dialled',
  'lastSentAt',
  'lastHeardAt',
  'wakeAt',
  'dueAt',
  'watching',
  'stream',
]);

/** Fields of a record as `name value`, those in `skip` left out. */
export function fieldsText(record: object, skip: readonly string[] = ['type']): string {
  return fieldsOf(record, skip)
    .map(({ name, text }) => `${name} ${text}`)
    .join(', ');
}

export interface Field {
  readonly name: string;
  readonly text: string;
}

export function fieldsOf(record: object, skip: readonly string[] = ['type']): Field[] {
  return Object.entries(record).flatMap(([name, value]: [string, unknown]) =>
    skip.includes(name) ? [] : [{ name, text: valueText(value, name) }],
  );
}

/** Numbers under a name that speaks of zxids are shown as epoch and counter. */
export function valueText(value: unknown, name = '', depth = 0): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return numberText(value, name);
  if (typeof value === 'string') return value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Map) return `${value.size} ${value.size === 1 ? 'entry' : 'entries'}`;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  const entries = entryTexts(value, name, depth);
  if (entries !== null) return listText(entries);
  return typeof value === 'object' ? recordText(value, depth) : '';
}

function numberText(value: number, name: string): string {
  if (/zxid|lastProposed|lastCommitted|lastQueued|lastAppended/i.test(name) && Number.isSafeInteger(value))
    return value < -1 ? 'none' : zxidText(value);
  if (value === Infinity) return 'never';
  return value === Number.MIN_SAFE_INTEGER ? 'none' : String(value);
}

/** The entries of a list or queue, each as text; null for what is neither. */
export function entryTexts(value: unknown, name = '', depth = 0): string[] | null {
  if (Array.isArray(value)) return value.map((entry: unknown) => entryText(entry, name, depth));
  if (typeof value !== 'object' || value === null || !('items' in value) || !('head' in value) || !Array.isArray(value.items)) return null;
  return value.items.slice(Number(value.head)).map((entry: unknown) => entryText(entry, name, depth));
}

/** What carries a type is named by it, what carries a packet or item by that. */
function entryText(entry: unknown, name: string, depth: number): string {
  if (typeof entry !== 'object' || entry === null) return valueText(entry, name, depth + 1);
  for (const key of ['packet', 'item', 'txn'] as const) {
    const carried: unknown = key in entry ? Object.entries(entry).find(([field]) => field === key)?.[1] : undefined;
    if (typeof carried === 'object' && carried !== null && 'type' in carried) return typeText(carried);
  }
  return 'type' in entry ? typeText(entry) : valueText(entry, name, depth + 1);
}

function typeText(item: object): string {
  const type = 'type' in item && typeof item.type === 'string' ? item.type : '';
  return 'zxid' in item && typeof item.zxid === 'number' && item.zxid >= 0 ? `${type} ${zxidText(item.zxid)}` : type;
}

function listText(entries: readonly string[]): string {
  if (entries.length === 0) return 'none';
  return `${entries.slice(0, LIST_MAX).join(', ')}${entries.length > LIST_MAX ? `, … (${entries.length})` : ''}`;
}

function recordText(record: object, depth: number): string {
  if (depth >= DEPTH_MAX) return 'type' in record ? typeText(record) : '…';
  const fields = Object.entries(record).flatMap(([key, value]: [string, unknown]) => {
    if (BOOKKEEPING.has(key)) return [];
    return [key === 'type' ? String(value) : `${key} ${valueText(value, key, depth + 1)}`];
  });
  return fields.join(' · ');
}
