/** An action as the script line that does the same: runs that were drawn, or clicked together, become scenarios that anybody can read and change. */
import { unreachable } from '../base/assert.ts';
import { zxidText } from '../base/zxid.ts';
import { formatOperation } from '../client/zkcli-print.ts';
import type { Action } from '../ensemble/action.ts';
import { threadNameOf } from '../ensemble/thread-names.ts';
import type { MessageMatch } from '../kernel/network-state.ts';
import { formatDuration } from './duration.ts';

/** A script line as it stands in a file: the verb or client, then what stands beside it. */
export type WrittenLine = Readonly<Record<string, unknown>>;

type NameOf = (node: number) => string;

/** `names` are those of the nodes. Null for what no script can say: traffic from outside, and one packet by its place on a connection. */
export function lineOfAction(action: Action, names: readonly string[]): WrittenLine | null {
  const nameOf = (node: number): string => names[node] ?? '';
  switch (action.type) {
    case 'start':
    case 'kill':
    case 'stop':
    case 'pause':
    case 'resume':
      return { [action.type]: nameOf(action.node) };
    case 'power-loss':
    case 'stall':
    case 'unstall':
    case 'disk':
    case 'tear-tail':
      return machineLine(action, nameOf(action.node));
    case 'partition':
    case 'cut':
    case 'mend':
    case 'heal':
    case 'break':
    case 'link':
      return networkLine(action, names, nameOf);
    case 'message-rule': {
      const { match, action: verb, delayUs, skip, times } = action;
      const counts = { ...(skip > 0 ? { skip } : {}), ...(times > 1 ? { times } : {}) };
      return { [verb]: { ...selectorOf(match, nameOf), ...counts, ...(verb === 'delay' ? { by: formatDuration(delayUs) } : {}) } };
    }
    case 'packets':
      return packetsLine(action, nameOf);
    case 'invoke':
      return { [nameOf(action.node)]: formatOperation(action.operation), async: true };
    case 'move-client':
      return { move: { client: nameOf(action.node), to: nameOf(action.server) } };
    case 'disconnect-client':
      return { disconnect: nameOf(action.node) };
    case 'open-client':
      return { open: nameOf(action.node) };
    case 'calm':
      return { calm: 'all' };
    case 'packet':
    case 'remove-rule':
    case 'reset-stats':
    case 'tcp-open':
    case 'tcp-packet':
    case 'tcp-hold':
    case 'tcp-take':
    case 'tcp-close':
      return null;
    default:
      return unreachable(action);
  }
}

type MachineAction = Extract<Action, { readonly type: 'power-loss' | 'stall' | 'unstall' | 'disk' | 'tear-tail' }>;

function machineLine(action: MachineAction, server: string): WrittenLine {
  switch (action.type) {
    case 'power-loss': {
      const keep = typeof action.keep === 'string' ? action.keep : Object.fromEntries(action.keep);
      return { 'power-loss': { server, keep, ...(action.torn ? { torn: true } : {}) } };
    }
    case 'stall': {
      const { kind, key, forUs, onlyLiving } = action;
      return {
        stall: {
          server,
          thread: threadNameOf(kind),
          ...(key === undefined ? {} : { key }),
          ...(forUs === null ? {} : { for: formatDuration(forUs) }),
          ...(onlyLiving ? { onlyLiving } : {}),
        },
      };
    }
    case 'unstall':
      return { unstall: { server, thread: threadNameOf(action.kind) } };
    case 'disk': {
      const { full, slow, lying, failing } = action.faults;
      return {
        disk: {
          server,
          ...(full === undefined ? {} : { full }),
          ...(slow === undefined ? {} : { slow }),
          ...(lying === undefined ? {} : { lying }),
          ...(failing === undefined ? {} : failing === null ? { fail: 'none' } : { fail: failing.op, times: failing.times }),
        },
      };
    }
    case 'tear-tail':
      return { 'tear-tail': { server, file: action.file } };
    default:
      return unreachable(action);
  }
}

type NetworkAction = Extract<Action, { readonly type: 'partition' | 'cut' | 'mend' | 'heal' | 'break' | 'link' }>;

function networkLine(action: NetworkAction, names: readonly string[], nameOf: NameOf): WrittenLine | null {
  switch (action.type) {
    case 'partition': {
      const groups = action.groups.filter((group) => group.length > 0).map((group) => group.map(nameOf));
      return { partition: groups.length === 0 ? [names] : groups };
    }
    case 'cut':
    case 'mend':
      return { [action.type]: `${nameOf(action.from)} > ${nameOf(action.to)}` };
    case 'heal':
      return { heal: 'all' };
    case 'break': {
      const { a, b, port, how } = action;
      const between = [nameOf(a), nameOf(b)];
      if (port === null && how === null) return { break: between.join(' - ') };
      return {
        break: {
          between,
          ...(port === null ? {} : { port }),
          ...(how === null ? {} : { keep: how.keep, notice: how.noticeUs.map(formatDuration) }),
        },
      };
    }
    case 'link':
      return null; // latencies come as a list of draws, which a line cannot say
    default:
      return unreachable(action);
  }
}

function packetsLine(action: Extract<Action, { readonly type: 'packets' }>, nameOf: NameOf): WrittenLine {
  const { match, action: how, times } = action;
  const selector = { ...selectorOf(match, nameOf), ...(times > 1 ? { times } : {}) };
  if (how === 'release') return { release: selector };
  if (typeof how === 'string') return { [how]: { ...selector, inFlight: true } };
  return { delay: { ...selector, inFlight: true, by: formatDuration(how.delayUs) } };
}

function selectorOf({ from, to, port, packet, zxid }: MessageMatch, nameOf: NameOf): WrittenLine {
  return {
    ...(packet === undefined ? {} : { type: packet }),
    ...(from === undefined ? {} : { from: nameOf(from) }),
    ...(to === undefined ? {} : { to: nameOf(to) }),
    ...(port === undefined ? {} : { port }),
    ...(zxid === undefined ? {} : { zxid: zxidText(zxid) }),
  };
}
