/** The places where a client library, or a recipe on it, can go wrong, or did: read by the client's code and edited by mutations. The values are `fixed`. */
export interface ClientDecisions {
  /** SendThread.primeConnection: are the registered watches set again on a new connection (CLI-09)? */
  readonly rearmsWatches: boolean;
  /** SendThread.primeConnection: does the ConnectRequest say what the client has seen (CLI-08)? false sends 0. */
  readonly sendsLastZxid: boolean;
  /** SendThread.run: does the client give its session up after 4/3 of the timeout without a server (CLI-03)? false before 3.9.3 (ZOOKEEPER-4508). */
  readonly declaresExpiry: boolean;
  /** ZKWatchManager.materialize: is a recursive watch told of NodeChildrenChanged, which a standard watch below it made the server send? true before 3.9.0 (ZOOKEEPER-4475). */
  readonly recursiveHearsOfChildren: boolean;
  /** Recipes: after CONNECTIONLOSS of its create, does a client look for its node before it makes another (F9)? */
  readonly looksForOwnNode: boolean;
  /** Lock and election: what one who waits watches, the node before its own or the whole line (T20). */
  readonly watchesInLine: 'predecessor' | 'parent';
  /** Lock and election: once woken, does it look who stands before it now (T27)? */
  readonly looksAgainWhenWoken: boolean;
  /** A holder's write: does it name the node by which the lock is held, so that it fails once that is gone (T21)? */
  readonly fencesWrites: boolean;
  /** Queue: does an item belong to whoever's delete succeeded, or already to whoever read it (T27)? */
  readonly takesByDelete: boolean;
  /** Double barrier: does one who leaves wait until all others do (T27)? */
  readonly leavesWithOthers: boolean;
}

export const FIXED_CLIENT: ClientDecisions = {
  rearmsWatches: true,
  sendsLastZxid: true,
  declaresExpiry: true,
  recursiveHearsOfChildren: false,
  looksForOwnNode: true,
  watchesInLine: 'predecessor',
  looksAgainWhenWoken: true,
  fencesWrites: true,
  takesByDelete: true,
  leavesWithOthers: true,
};
