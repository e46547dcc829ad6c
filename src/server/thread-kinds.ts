/** The threads of the server layer, after their Java classes. Kinds 32..63 are the server's. */
export const CLIENT_ACCEPTOR = 32; // NIOServerCnxnFactory.AcceptThread: the client port, as long as the process
export const CLIENT_READER = 33; // a connection's reading half, key and incarnation as in its connection id
export const CLIENT_WRITER = 34; // a connection's writing half: its mailbox is the one FIFO of replies and events
export const PREP = 35; // PrepRequestProcessor with the proposal stage, leader only
export const FOLLOWER_REQUEST = 36; // FollowerRequestProcessor or ObserverRequestProcessor
export const COMMIT = 37; // CommitProcessor's main thread
export const COMMIT_WORKER = 38; // CommitProcWork, key = number of the worker
export const SESSION_TRACKER = 39; // SessionTrackerImpl
export const WATCH_EVENTS = 40; // only where a mutation delivers events beside the replies (T18)
export const COMMIT_INTAKE = 41; // only where a mutation lets commits overtake requests (ZOOKEEPER-1863)
export const CONTAINER_MANAGER = 42; // ContainerManagerTask, leader and standalone only
export const REQUEST_THROTTLER = 43; // RequestThrottler, only where a setting wants it (THR-03)

export const SERVER_KIND_FIRST = 32;

/** From kind SERVER_KIND_FIRST on. */
export const SERVER_THREAD_NAMES: readonly string[] = [
  'ClientAcceptor',
  'ClientReader',
  'ClientWriter',
  'PrepRequestProcessor',
  'FollowerRequestProcessor',
  'CommitProcessor',
  'CommitProcWork',
  'SessionTracker',
  'WatchEvents',
  'CommitIntake',
  'ContainerManager',
  'RequestThrottler',
];
