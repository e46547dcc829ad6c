/** English for what the server layer says. */
import type { ServerNote } from '../server/note.ts';
import type { WordsFor } from './english-zab.ts';
import { count } from './names.ts';
import { operationText, resultWords } from './english-operations.ts';

export const ENGLISH_SERVER: WordsFor<ServerNote> = {
  'session-attached': (n, w) => `${n.how === 'created' ? 'opens' : 'takes over'} session ${w.session(n.session)}`,
  'session-expired': (n, w) => `has not heard of session ${w.session(n.session)} in time and expires it`,
  'session-opened': (n, w) => `knows session ${w.session(n.session)} (timeout ${n.timeoutMs} ms)`,
  'session-closed': (n, w) =>
    `closes session ${w.session(n.session)}${n.deleted.length > 0 ? ` and deletes its ${count(n.deleted.length, 'ephemeral node')}: ${n.deleted.join(', ')}` : ''}`,
  replied: (n, w) => `answers ${w.session(n.session)}: ${operationText(n.operation)} → ${resultWords(n.error, n.result)}`,
  'watch-set': (n, w) => `sets a ${n.table} watch of ${w.session(n.session)} on ${n.path}`,
  'watch-withheld': (n, w) => `does not tell ${w.session(n.session)}, which may not read it: ${n.event} ${n.path}`,
  'watch-fired': (n, w) => `tells ${w.session(n.session)}: ${n.event} ${n.path}`,
  digest: (n, w) =>
    `has tree digest ${n.digest} at ${w.zxid(n.zxid)}${n.expected !== '' && n.digest !== n.expected ? `, expected ${n.expected}` : ''}`,
  'connect-refused-newer-zxid': (n, w) =>
    `turns a client away that has seen ${w.zxid(n.lastZxidSeen)}: here it is ${w.zxid(n.lastProcessedZxid)}`,
  'connection-closed': (n, w) => `closes the connection of ${w.session(n.session)} (${n.why})`,
  'session-invalid': (n, w) => `finds session ${w.session(n.session)} invalid (${n.why})`,
  'session-moved': (n, w) =>
    `refuses a request of ${w.session(n.session)}, which has moved to another ${n.owner === n.by ? 'connection' : 'server'}`,
  'request-prepared': (n, w) =>
    `gives ${n.operation} of ${w.session(n.session)} the zxid ${w.zxid(n.zxid)}${n.error === 'OK' ? '' : `; it will fail with ${n.error}`}`,
  'request-forwarded': (n, w) => `forwards ${n.operation} of ${w.session(n.session)} to the leader`,
  'read-waits-for-write': (n, w) => `keeps a read of ${w.session(n.session)} behind its write`,
  'request-dropped': (n, w) => `drops ${n.operation} of ${w.session(n.session)}`,
  'session-touched': (n, w) => `hears of session ${w.session(n.session)}`,
  'quota-exceeded': (n) =>
    `${n.isHard ? 'refuses a write' : 'sees a write go'} beyond the quota of ${n.path}: ${n.of} ${n.value}, ${n.isHard ? 'hard' : 'soft'} limit ${n.limit}`,
};
