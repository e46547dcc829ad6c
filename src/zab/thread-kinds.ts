/** The threads of the replication layer, after their Java classes. Kinds below 32 are zab's. */
export const QUORUM_PEER = 0; // QuorumPeer main thread: election loop, Leader.lead, Follower.followLeader, Observer.observeLeader
export const LISTENER = 1; // QuorumCnxManager.Listener
export const CONNECTOR = 2; // QuorumCnxManager's connection executor, key = sid dialled
export const SEND_WORKER = 3; // QuorumCnxManager.SendWorker, key = sid; incarnation = worker generation
export const RECV_WORKER = 4; // QuorumCnxManager.RecvWorker, key = sid; incarnation = worker generation
export const WORKER_SENDER = 5; // FastLeaderElection.Messenger.WorkerSender
export const WORKER_RECEIVER = 6; // FastLeaderElection.Messenger.WorkerReceiver
export const LEARNER_CNX_ACCEPTOR = 7; // Leader.LearnerCnxAcceptor
export const LEARNER_HANDLER = 8; // LearnerHandler.run (the reader), key = handler number
export const LEARNER_HANDLER_SENDER = 9; // LearnerHandler.startSendingPackets, key = handler number
export const SYNC = 10; // SyncRequestProcessor
export const SNAPSHOT = 11; // the thread that SyncRequestProcessor starts for a snapshot

export const ZAB_THREAD_NAMES: readonly string[] = [
  'QuorumPeer',
  'Listener',
  'Connector',
  'SendWorker',
  'RecvWorker',
  'WorkerSender',
  'WorkerReceiver',
  'LearnerCnxAcceptor',
  'LearnerHandler',
  'LearnerHandlerSender',
  'SyncThread',
  'SnapshotThread',
];
