/** What can be seen of an ensemble that is served: for the control door and for whoever started it. */
import { peek } from '../base/parts.ts';
import { zxidHex } from '../base/zxid.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { serverView } from '../ensemble/views.ts';
import { nodeOf } from '../kernel/nodes.ts';
import { establishedLeader } from '../scenario/server-ref.ts';
import type { Gateway } from './gateway.ts';

export interface ServerStatus {
  readonly name: string;
  readonly sid: number;
  readonly host: string;
  readonly port: number;
  /** LOOKING, FOLLOWING, LEADING or OBSERVING; down or off. */
  readonly state: string;
  readonly power: 'up' | 'down' | 'off';
  readonly paused: boolean;
  /** Does it take clients? */
  readonly serving: boolean;
  readonly epoch: number;
  readonly zxid: string;
}

export interface EnsembleStatus {
  readonly formatVersion: 1;
  readonly leader: string | null;
  /** Milliseconds since 1970, as far as the ensemble knows. */
  readonly virtualMs: number;
  readonly events: number;
  readonly connections: number;
  readonly servers: readonly ServerStatus[];
}

export function statusOf(gateway: Gateway): EnsembleStatus {
  const { ensemble, ports, connectionCount } = gateway;
  const { world } = ensemble;
  return {
    formatVersion: 1,
    leader: establishedLeader(ensemble)?.name ?? null,
    virtualMs: Math.floor(world.now / 1000),
    events: world.events,
    connections: connectionCount,
    servers: ensemble.servers.map(({ node }, i) => {
      const { name, sid, power, paused, state, currentEpoch, lastProcessedZxid } = serverView(ensemble, node);
      return {
        name,
        sid,
        host: ports[i]?.host ?? '',
        port: ports[i]?.port ?? 0,
        state: power === 'up' ? state : power,
        power,
        paused,
        serving: takesClients(ensemble, node),
        epoch: currentEpoch,
        zxid: zxidHex(lastProcessedZxid),
      };
    }),
  };
}

/** Is a server object published, so that a client gets a session there? */
export function takesClients(ensemble: Ensemble, node: number): boolean {
  const { world, servers } = ensemble;
  const refs = servers[node]?.refs;
  if (refs === undefined) return false;
  const { power } = peek(world.parts, nodeOf(world, node).part);
  return power === 'up' && peek(world.parts, refs.connections).published !== -1;
}
