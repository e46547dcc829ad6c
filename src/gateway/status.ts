/** What can be seen of an ensemble that is served: for the control door and for whoever started it. */
import { peek } from '../base/parts.ts';
import { zxidHex } from '../base/zxid.ts';
import { serverView } from '../ensemble/views.ts';
import { isUp } from '../kernel/node.ts';
import type { World } from '../kernel/world.ts';
import { establishedLeader } from '../scenario/server-ref.ts';
import type { ServerRefs } from '../server/server-state.ts';
import type { EnsembleStatus } from './library-types.d.ts';
import type { Gateway } from './gateway.ts';

export function statusOf(gateway: Gateway): EnsembleStatus {
  const { ensemble, ports, connectionCount } = gateway;
  const { world } = ensemble;
  return {
    formatVersion: 1,
    leader: establishedLeader(ensemble)?.name ?? null,
    virtualMs: Math.floor(world.now / 1000),
    events: world.events,
    connections: connectionCount,
    servers: ensemble.servers.map(({ node, refs }, i) => {
      const { name, sid, power, paused, state, currentEpoch, lastProcessedZxid } = serverView(ensemble, node);
      return {
        name,
        sid,
        host: ports[i]?.host ?? '',
        port: ports[i]?.port ?? 0,
        state: power === 'up' ? state : power,
        power,
        paused,
        serving: takesClients(world, node, refs),
        epoch: currentEpoch,
        zxid: zxidHex(lastProcessedZxid),
      };
    }),
  };
}

/** Is a server object published, so that a client gets a session there? */
export function takesClients(world: World, node: number, refs: ServerRefs): boolean {
  return isUp(world, node) && peek(world.parts, refs.connections).published !== -1;
}
