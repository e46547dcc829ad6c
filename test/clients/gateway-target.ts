// Three simulated servers behind the gateway.

import { startEnsemble } from '../../src/gateway/library.ts';
import { configOfAll, propertiesOfAll, type Target } from './target.ts';

/** What the gateway says of misbehaving clients, where somebody looks for the reason of a failure. */
const isLoud = (process.env['ZABLAB_CLIENTS_LOUD'] ?? '') !== '';

export async function startGateway(): Promise<Target> {
  const ensemble = await startEnsemble({
    config: configOfAll,
    properties: propertiesOfAll,
    log: (line) => {
      if (isLoud || line.startsWith('a bug')) process.stderr.write(`${line}\n`);
    },
  });
  const servers = ensemble.status().servers.map(({ name, sid, host, port }) => ({ name, sid, host, port }));
  const nameOf = (sid: number): string => servers.find((server) => server.sid === sid)?.name ?? '';
  return {
    servers,
    leader: () => Promise.resolve(servers.find(({ name }) => name === ensemble.leader())?.sid ?? null),
    crash: async (sid) => void ensemble.crash(nameOf(sid)),
    restart: async (sid) => void ensemble.restart(nameOf(sid)),
    stop: ensemble.stop,
  };
}
