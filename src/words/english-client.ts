/** English for what clients observe. */
import type { ClientNote, ClientWhy } from '../client/note.ts';
import { operationText, resultWords, toldWords } from './english-operations.ts';
import type { WordsFor } from './english-zab.ts';

const WHY: Readonly<Record<ClientWhy, string>> = {
  refused: 'the connection was refused',
  eof: 'the server closed the connection',
  reset: 'the connection broke',
  'connect-timeout': 'no answer to its connect in time',
  'read-timeout': 'no word from the server in time',
  'unexpected-reply': 'it got an answer it had not asked for',
  'xid-out-of-order': 'an answer came out of order',
  moved: 'it was told to use another server',
  disconnected: 'it was told to disconnect',
  opened: 'it was opened',
  established: 'the session is established',
  'session-expired': 'its session has expired',
  'session-timeout': 'it heard from no server for longer than its session lasts',
  'auth-failed': 'a server did not accept who it says it is',
  closed: 'it was closed',
};

export const ENGLISH_CLIENT: WordsFor<ClientNote> = {
  'client-state': (n, w) => `is ${n.state}${n.state === 'CONNECTED' && n.server !== null ? ` to ${w.node(n.server)}` : ''}: ${WHY[n.why]}`,
  'client-session': (n, w) =>
    `${n.how === 'created' ? 'has a new session' : 'goes on with its session'} ${w.session(n.session)} (timeout ${n.timeoutMs} ms)`,
  'client-expired': (n, w) => `learns that session ${w.session(n.session)} has expired${n.by === 'client' ? ', by its own clock' : ''}`,
  'client-sequence': (n) => `begins ${operationText(n.command)}, which takes several requests`,
  'client-sequence-done': (n) => `is done with ${operationText(n.command)}: ${toldWords(n.error, n.told)}`,
  'client-waits': (n) => (n.before === n.path ? `waits for ${n.path}` : `waits for ${n.path}, behind ${n.before}`),
  'client-invoked': (n) => `calls ${operationText(n.operation)}`,
  'client-returned': (n) =>
    `gets for ${operationText(n.operation)}: ${resultWords(n.error, n.result)}${n.error === 'CONNECTIONLOSS' ? ' (it may or may not have happened)' : ''}`,
  'client-event': (n) => `is told ${n.event} ${n.path}`,
  'client-resets-watches': (n, w) => `sets its ${n.count} watches again, as of ${w.zxid(n.relativeZxid)}`,
  'client-watches-on': (n, w) => `has ${n.persistent.length + n.recursive.length} persistent watches again, as of ${w.zxid(n.zxid)}`,
  'client-dials': (n, w) => `dials ${w.node(n.server)}`,
  'client-attempt-failed': (n, w) => `cannot connect to ${w.node(n.server)}: ${WHY[n.why]}`,
  'client-pings': () => 'pings',
};
