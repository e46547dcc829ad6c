/** What the words call the things that notes name by number. */
import type { Ensemble } from '../ensemble/ensemble.ts';
import { zxidText } from '../base/zxid.ts';

export interface Names {
  /** A node by its index. */
  readonly node: (index: number | null) => string;
  /** A server by its id. */
  readonly server: (sid: number) => string;
  readonly servers: (sids: readonly number[]) => string;
  readonly zxid: (zxid: number) => string;
  /** Sessions are known by the client that has them where one does. */
  readonly session: (session: string) => string;
}

export function namesOf(ensemble: Ensemble): Names {
  const server = (sid: number): string => ensemble.servers.find((handle) => handle.sid === sid)?.name ?? `server ${sid}`;
  return {
    node: (index) => (index === null || index < 0 ? 'nobody' : (ensemble.world.nodes[index]?.name ?? `node ${index}`)),
    server,
    servers: (sids) => sids.map(server).join(', '),
    zxid: (zxid) => (zxid < -1 ? 'none' : zxidText(zxid)),
    session: (session) => `0x${session.replace(/^0+(?=.)/, '')}`,
  };
}

/** `1 write`, `2 writes`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
