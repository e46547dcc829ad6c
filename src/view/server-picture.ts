/** A server or client as the stage draws it. */
import { lengthOf } from '../base/deque.ts';
import { peek } from '../base/parts.ts';
import { zxidText } from '../base/zxid.ts';
import type { ClientHandle, Ensemble, ServerHandle } from '../ensemble/ensemble.ts';
import { clientView, logView, serverView } from '../ensemble/views.ts';

/** What the shape says. */
export type Role = 'leading' | 'following' | 'observing' | 'looking' | 'down' | 'off';

export interface ServerPicture {
  readonly node: number;
  readonly name: string;
  readonly sid: number;
  readonly isObserver: boolean;
  readonly role: Role;
  /** ZooKeeper's word for it, or what the machine is. */
  readonly label: string;
  readonly paused: boolean;
  /** ELECTION, DISCOVERY, SYNCHRONIZATION, BROADCAST; empty for a server that is down. */
  readonly phase: string;
  readonly serving: boolean;
  readonly epoch: number;
  readonly acceptedEpoch: number;
  readonly zxid: string;
  readonly logged: string;
  readonly synced: string;
  /** Records of the log that a power loss would take. */
  readonly unsynced: number;
  /** While LOOKING: its vote, its round, and how many agree with it as far as it knows. */
  readonly vote: { readonly for: string; readonly round: number; readonly agree: number; readonly voters: number } | null;
  /** Faults of its disk, in short words. */
  readonly disk: readonly string[];
}

export function serverPicture(ensemble: Ensemble, handle: ServerHandle): ServerPicture {
  const view = serverView(ensemble, handle.node);
  const isUp = view.power === 'up';
  const role = view.power === 'down' ? 'down' : view.power === 'off' ? 'off' : roleOf(view.state);
  const log = logView(ensemble, handle.node);
  return {
    node: handle.node,
    name: handle.name,
    sid: handle.sid,
    isObserver: handle.learnerType === 'OBSERVER',
    role,
    label: isUp ? view.state : view.power === 'off' ? 'NO POWER' : 'DOWN',
    paused: view.paused,
    phase: isUp ? view.zabState : '',
    serving: isUp && view.serving,
    epoch: view.currentEpoch,
    acceptedEpoch: view.acceptedEpoch,
    zxid: isUp ? zxidText(view.lastProcessedZxid) : '–',
    logged: zxidText(view.lastLoggedZxid),
    synced: zxidText(view.lastSyncedZxid),
    unsynced: log.reduce((sum, { synced }) => sum + (synced ? 0 : 1), 0),
    vote: isUp && view.state === 'LOOKING' ? voteOf(ensemble, handle) : null,
    disk: diskFaults(ensemble, handle.node),
  };
}

function roleOf(state: string): Role {
  if (state === 'LEADING') return 'leading';
  if (state === 'FOLLOWING') return 'following';
  return state === 'OBSERVING' ? 'observing' : 'looking';
}

function voteOf(ensemble: Ensemble, { sid, refs }: ServerHandle): ServerPicture['vote'] {
  const { stage, proposal, recvset, logicalclock } = peek(ensemble.world.parts, refs.election);
  if (stage === 'idle' || proposal.leader < 0) return null;
  const agree = recvset.filter((vote) => vote.leader === proposal.leader && vote.sid !== sid).length + 1;
  const name = ensemble.servers.find((server) => server.sid === proposal.leader)?.name ?? `server ${proposal.leader}`;
  const voters = ensemble.servers.filter(({ learnerType }) => learnerType === 'PARTICIPANT').length;
  return { for: name, round: logicalclock, agree: Math.min(agree, voters), voters };
}

function diskFaults({ world }: Ensemble, node: number): string[] {
  const handle = world.nodes[node];
  if (handle === undefined) return [];
  const { failing, full, slow, lying } = peek(world.parts, handle.disk).faults;
  return [
    ...(full ? ['full'] : []),
    ...(slow > 1 ? [`${slow}× slow`] : []),
    ...(lying ? ['lying fsync'] : []),
    ...(failing === null ? [] : [`failing ${failing.op}`]),
  ];
}

export interface ClientPicture {
  readonly node: number;
  readonly name: string;
  readonly state: string;
  readonly isUp: boolean;
  readonly paused: boolean;
  /** Node it talks to, -1 for none. */
  readonly server: number;
  readonly session: string;
  readonly timeoutMs: number;
  readonly pending: number;
  readonly zxid: string;
}

export function clientPicture(ensemble: Ensemble, handle: ClientHandle): ClientPicture {
  const view = clientView(ensemble, handle.node);
  const { outgoing } = peek(ensemble.world.parts, handle.client);
  const isUp = view.power === 'up';
  return {
    node: handle.node,
    name: handle.name,
    state: isUp ? view.state : 'DOWN',
    isUp,
    paused: view.paused,
    server: isUp ? view.server : -1,
    session: view.session.replace(/^0+(?=.)/, ''),
    timeoutMs: view.timeoutMs,
    pending: Math.max(view.pending, lengthOf(outgoing)),
    zxid: zxidText(view.lastZxid),
  };
}
