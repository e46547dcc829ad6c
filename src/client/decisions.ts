/** The places where a client library can go wrong, or did: read by the client's code and edited by mutations. The values are `fixed`. */
export interface ClientDecisions {
  /** SendThread.primeConnection: are the registered watches set again on a new connection (CLI-09)? */
  readonly rearmsWatches: boolean;
  /** SendThread.primeConnection: does the ConnectRequest say what the client has seen (CLI-08)? false sends 0. */
  readonly sendsLastZxid: boolean;
  /** SendThread.run: does the client give its session up after 4/3 of the timeout without a server (CLI-03)? false before 3.9.3 (ZOOKEEPER-4508). */
  readonly declaresExpiry: boolean;
  /** ZKWatchManager.materialize: is a recursive watch told of NodeChildrenChanged, which a standard watch below it made the server send? true before 3.9.0 (ZOOKEEPER-4475). */
  readonly recursiveHearsOfChildren: boolean;
}

export const FIXED_CLIENT: ClientDecisions = {
  rearmsWatches: true,
  sendsLastZxid: true,
  declaresExpiry: true,
  recursiveHearsOfChildren: false,
};
