/**
 * The server layer's places where ZooKeeper once went wrong, or a mutation makes it go wrong, by name. The values here are `fixed`.
 */
export interface ServerDecisions {
  /** DataTree.processTxn: is lastProcessedZxid raised by the first operation of a multi already (ZOOKEEPER-3127)? */
  readonly multiAdvancesZxidPerSubop: boolean;
  /** FinalRequestProcessor: is lastProcessedZxid raised before the transaction is applied (ZOOKEEPER-1090)? */
  readonly advancesZxidBeforeApply: boolean;
  /** DataTree.deleteNode: does the delete of a missing child still raise its parent's pzxid (ZOOKEEPER-3125, DISK-24)? */
  readonly deleteOfMissingRaisesPzxid: boolean;
  /** DataTree.killSession: false closes the session and leaves its ephemerals (T15). */
  readonly ephemeralsDeletedOnClose: boolean;
  /** DataTree.getData, statNode, getChildren: false registers the watch in a later step (T17, WATCH-30). */
  readonly watchRegisteredWithRead: boolean;
  /** PrepRequestProcessor: a session whose close is prepared takes no further requests (ZOOKEEPER-1208). */
  readonly setsSessionClosingAtPrep: boolean;
  /** PrepRequestProcessor: false puts a session into the replicated table before its creation is committed (ZOOKEEPER-2926). */
  readonly sessionEntersTableAtCommit: boolean;
}

export const FIXED_SERVER: ServerDecisions = {
  multiAdvancesZxidPerSubop: false,
  advancesZxidBeforeApply: false,
  deleteOfMissingRaisesPzxid: true,
  ephemeralsDeletedOnClose: true,
  watchRegisteredWithRead: true,
  setsSessionClosingAtPrep: true,
  sessionEntersTableAtCommit: true,
};
