/**
 * The actions of a recorded session as they come out of a file: checked before the world gets them, since one that is none would break it in
 * the middle of a replay. What a client sent is checked by the codec: it can be written as bytes, and read back in the same shape.
 */
import { z } from 'zod';
import type { Action } from '../ensemble/action.ts';
import type { ClientPacket } from '../server/protocol.ts';
import { decodeRequest, encodeClientPacket } from '../wire/client-packet.ts';

const node = z.int().min(0);
const count = z.int().min(0);
const connection = z.int().min(1);
const match = z.strictObject({
  from: node.optional(),
  to: node.optional(),
  port: z.string().optional(),
  packet: z.string().optional(),
  zxid: z.int().optional(),
});
const failing = z.strictObject({ op: z.enum(['append', 'fsync', 'create', 'rename', 'truncate', 'delete', 'any']), times: count });
const disk = z.strictObject({ failing: failing.nullable(), full: z.boolean(), slow: count, lying: z.boolean() }).partial();
const packetAction = z.union([z.enum(['drop', 'hold', 'release', 'duplicate']), z.strictObject({ delayUs: count })]);

const connect = z.strictObject({
  type: z.literal('CONNECT'),
  session: z.string().regex(/^[0-9a-f]{16}$/),
  password: z.string().regex(/^([0-9a-f]{2})*$/),
  timeoutMs: z.int(),
  lastZxidSeen: z.int(),
  readOnly: z.boolean().nullable(),
});
const operation = z.looseObject({ op: z.string() }).refine(isOperation, 'an operation of a client');
/** What a simulated client is asked for: the sequences of zkCli have no form on the wire. */
const submission = z.union([
  operation,
  z.looseObject({
    op: z.enum([
      'deleteall',
      'ls-recursive',
      'setAcl-recursive',
      'setquota',
      'listquota',
      'delquota',
      'lock',
      'unlock',
      'elect',
      'resign',
      'take',
      'leave',
    ]),
    path: z.string(),
  }),
  z.looseObject({ op: z.literal('guarded-set'), path: z.string(), target: z.string(), data: z.string() }),
  z.looseObject({ op: z.literal('offer'), path: z.string(), data: z.string().nullable() }),
  z.looseObject({ op: z.literal('enter'), path: z.string(), size: z.int().min(1) }),
]);
const clientPacket = z.discriminatedUnion('type', [
  connect,
  z.strictObject({ type: z.literal('OP'), xid: z.int(), operation }),
  z.strictObject({ type: z.literal('FOUR-LETTER-WORD'), word: z.string().max(32) }),
  z.strictObject({ type: z.literal('BAD-FRAME'), why: z.string() }),
]);

function action<T extends string, F extends z.ZodRawShape>(type: T, fields: F) {
  return z.strictObject({ type: z.literal(type), ...fields });
}

/** Those that a gateway performs: what clients do, what the control door and a script ask for. */
const sessionAction = z.discriminatedUnion('type', [
  action('tcp-open', { node, connection, server: node, address: z.string() }),
  action('tcp-packet', { node, connection, packet: clientPacket }),
  action('tcp-hold', { node, connection }),
  action('tcp-take', { node, connection }),
  action('tcp-close', { node, connection, how: z.enum(['eof', 'reset']) }),
  action('reset-stats', { node, of: z.enum(['server', 'connections']) }),
  action('start', { node }),
  action('kill', { node }),
  action('stop', { node }),
  action('pause', { node }),
  action('resume', { node }),
  action('power-loss', {
    node,
    keep: z.union([z.enum(['none', 'all', 'drawn']), z.array(z.tuple([z.string(), count]))]),
    torn: z.boolean(),
  }),
  action('stall', { node, kind: count, key: count.optional(), forUs: count.nullable(), onlyLiving: z.boolean() }),
  action('unstall', { node, kind: count }),
  action('partition', { groups: z.array(z.array(node)) }),
  action('cut', { from: node, to: node }),
  action('mend', { from: node, to: node }),
  action('heal', {}),
  action('break', {
    a: node,
    b: node,
    port: z.string().nullable(),
    how: z.strictObject({ keep: z.tuple([count, count]), noticeUs: z.tuple([count, count]) }).nullable(),
  }),
  action('disk', { node, faults: disk }),
  action('tear-tail', { node, file: z.string() }),
  action('link', { from: node, to: node, latencies: z.array(count).min(1), lossPerMillion: count }),
  action('message-rule', { match, action: z.enum(['drop', 'hold', 'duplicate', 'delay']), delayUs: count, skip: count, times: count }),
  action('remove-rule', { rule: count }),
  action('packets', { match, action: packetAction, times: count }),
  action('move-client', { node, server: node }),
  action('invoke', { node, call: count, operation: submission }),
  action('disconnect-client', { node }),
  action('open-client', { node }),
  action('calm', {}),
]);

/** Throws a ZodError. */
export function sessionActionOf(value: unknown): Action {
  return sessionAction.parse(value) as Action;
}

/** The nodes that an action names: each must be one of the run's. */
export function nodesOf(action: Action): number[] {
  const fields: Readonly<Record<string, unknown>> = { ...action };
  const single = ['node', 'server', 'from', 'to', 'a', 'b'].map((name) => fields[name]);
  const grouped = action.type === 'partition' ? action.groups.flat() : [];
  return [...single.filter((each) => typeof each === 'number'), ...grouped];
}

function isOperation(value: { readonly op: string }): boolean {
  if (value.op === 'unknown' || value.op === 'undecodable') return 'code' in value && Number.isInteger(value.code);
  try {
    const sent = encodeClientPacket({ type: 'OP', xid: 1, operation: value } as ClientPacket);
    const read = decodeRequest(sent.subarray(4));
    return read.type === 'OP' && hasShapeOf(value, read.operation);
  } catch {
    return false; // whatever the codec stumbles over is no operation
  }
}

function hasShapeOf(value: unknown, other: unknown): boolean {
  if (typeof value !== 'object' || value === null) return other === null || value === null || typeof value === typeof other;
  if (typeof other !== 'object' || other === null) return false;
  const [left, right] = [Object.entries(value), new Map(Object.entries(other))];
  return left.length === right.size && left.every(([key, each]) => right.has(key) && hasShapeOf(each, right.get(key)));
}
