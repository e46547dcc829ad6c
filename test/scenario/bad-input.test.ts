// Bad input: each kind of mistake with its place and its whole message, and text that no person would write.

import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/scenario/input-error.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun } from '../../src/scenario/run-scenario.ts';

/** What is wrong, the text, and the message after the file's name. */
type Row = readonly [what: string, text: string, message: string];

function messageOf(text: string): string {
  try {
    openRun(parseScenario(text, 'x.yaml'));
  } catch (error) {
    if (error instanceof InputError) return error.message.replace(/^x\.yaml:/, '');
    throw error;
  }
  return 'no mistake';
}

const head = 'name: x\nclients: [alice]\nscript:\n- alice: create /a/b 1\n- until: all serving\n  as: bound\n';
const line = (text: string): string => `${head}- ${text}\n`;
const expects = (text: string): string => `${head}expect:\n- ${text}\n`;
const servers = 's1, s2, s3';
const roles = 'leader, follower, followers, observer, observers, all, voters, rest';

const documents: Row[] = [
  ['nothing at all', '', '1:1: the key "name" is missing: expected a text'],
  ['a list', '- name: x\n', '1:1: found a list of 1, expected a map'],
  [
    'an unknown key',
    'name: x\nsead: 1\n',
    '2:1: unknown key "sead": expected one of name, about, seed, preset, mutations, check, mode, liveWithin, until, traceHash, ensemble, network, clients, start, script, schedule, explore, expect; did you mean seed?',
  ],
  [
    'a key like none',
    'name: x\nzzz: 1\n',
    '2:1: unknown key "zzz": expected one of name, about, seed, preset, mutations, check, mode, liveWithin, until, traceHash, ensemble, network, clients, start, script, schedule, explore, expect',
  ],
  [
    'a key that JavaScript knows',
    'name: x\n__proto__: { mode: fine }\n',
    '2:1: unknown key "__proto__": expected one of name, about, seed, preset, mutations, check, mode, liveWithin, until, traceHash, ensemble, network, clients, start, script, schedule, explore, expect',
  ],
  ['a key twice', 'name: x\nmode: fine\nmode: coarse\n', '3:1: found the key "mode" a second time, expected it once'],
  [
    'a merge',
    'name: x\n<<: { mode: fine }\n',
    '2:1: unknown key "<<": expected one of name, about, seed, preset, mutations, check, mode, liveWithin, until, traceHash, ensemble, network, clients, start, script, schedule, explore, expect',
  ],
  ['a map for a key', 'name: x\n? { a: 1 }\n: 2\n', '2:3: found a list or a map as a key, expected a text'],
  ['a tag', 'name: !!str x\n', '1:13: found the tag tag:yaml.org,2002:str, expected YAML without tags'],
  ['an anchor that holds itself', 'name: x\nscript: &s\n- *s\n', '3:3: found values nested more than 40 deep'],
  ['an alias of nothing', 'name: *nobody\n', '1:7: found *nobody, expected the name of an anchor above it'],
  ['two documents', 'name: x\n---\nname: y\n', '2:1: found a second document, expected one'],
  ['a tab for indentation', 'name: x\nensemble:\n\tservers: 3\n', '3:1: not YAML: Tabs are not allowed as indentation'],
  ['a quote that is not closed', 'name: "x\nmode: fine\n', '3:1: not YAML: Missing closing "quote'],
  ['a control character', 'name: x\u0000y\n', '1:8: found the control character U+0000, expected text'],
  ['a list too deep', `name: ${'['.repeat(60)}${']'.repeat(60)}\n`, '1:47: found values nested more than 40 deep'],
];

const types: Row[] = [
  ['a text for a map', 'name: x\nensemble: three\n', '2:11: found "three", expected a map'],
  ['a map for a text', 'name: { a: b }\n', '1:7: found a map, expected a text'],
  ['a list for a text', 'name: [x, y]\n', '1:7: found a list of 2, expected a text'],
  ['nothing for a text', 'name:\n', '1:1: found nothing, expected a text'],
  ['a text for a number', 'name: x\nensemble: { servers: many }\n', '2:22: found "many", expected a whole number from 1 to 99'],
  ['a fraction', 'name: x\nensemble: { servers: 3.5 }\n', '2:22: found "3.5", expected a whole number from 1 to 99'],
  [
    'a huge number',
    `name: x\nensemble: { snapCount: ${'9'.repeat(80)} }\n`,
    `2:24: found "${'9'.repeat(60)}...", expected a whole number from 2 to 100000000`,
  ],
  ['no truth value', 'name: x\nensemble: { forceSnapshotSync: yes }\n', '2:32: found "yes", expected true or false'],
  ['a share without its sign', 'name: x\nnetwork: { loss: 0.1 }\n', '2:18: found "0.1", expected a share up to 99%, such as 0.1%'],
  ['a share too large', 'name: x\nnetwork: { loss: 100% }\n', '2:18: found "100%", expected a share up to 99%, such as 0.1%'],
  [
    'a name that is none',
    'name: x\nclients: [9lives]\n',
    '2:11: found "9lives", expected a name: a letter, then letters, digits, - or _, at most 32',
  ],
  ['a word that is not on the list', 'name: x\nmode: fien\n', '2:7: found "fien", expected one of fine, coarse; did you mean fine?'],
  ['a map or a text, and found a list', line('until: [a]'), '7:10: found a list of 1, expected a text'],
  ['no packet selector', line('drop: PROPOSAL'), '7:9: found "PROPOSAL", expected a map'],
  [
    'an unknown key of a selector',
    line('drop: { typ: ACK }'),
    '7:11: unknown key "typ": expected one of type, from, to, port, zxid, skip, times, inFlight, by; did you mean type?',
  ],
  [
    'a key of another form',
    expects('{ trace: { note: committed }, time: 3 }'),
    '8:33: unknown key "time": expected one of violates, holds, trace, times, after, before, order, state; did you mean times?',
  ],
  ['a key that a form needs', line('tear-tail: { server: s1 }'), '7:14: the key "file" is missing: expected a text'],
  ['an empty list', line('kill: []'), '7:9: found a list of 0, expected at least 1 of them'],
  ['a value where none goes', line('heal: s1'), '7:9: found "s1", expected all'],
];

const times: Row[] = [
  ['no unit', line('wait: 5'), '7:9: found "5", expected a duration with a unit, such as 200ms, 1.5s or 2min'],
  ['a strange unit', line('wait: 5 parsecs'), '7:9: found "5 parsecs", expected a duration with a unit, such as 200ms, 1.5s or 2min'],
  ['a time before the start', line('wait: -5s'), '7:9: found "-5s", expected a duration with a unit, such as 200ms, 1.5s or 2min'],
  ['a time without end', line('wait: 99999h'), '7:9: found "99999h", expected a duration with a unit, such as 200ms, 1.5s or 2min'],
  [
    'a range that falls',
    'name: x\nnetwork: { latency: 5ms..1ms }\n',
    '2:21: found "5ms..1ms", expected a duration or a range such as 0.2ms..0.5ms',
  ],
  [
    'a time that is over',
    line('kill: s1\n  at: 5s\n- start: s1\n  at: 4s'),
    '9:10: found "at: 4s" after a line at 5s, expected a later time: lines run in order',
  ],
  ['a time after the end', `until: 3s\n${line('kill: s1\n  at: 5s')}`, '8:9: found "at: 5s", expected a time before 3s, when the run ends'],
  [
    'a number of times that is none',
    expects('{ trace: { note: committed }, times: often }'),
    '8:40: found "often", expected a number of times, such as 2, 2+ or 2..4',
  ],
];

const lines: Row[] = [
  [
    'an unknown verb',
    line('kil: s1'),
    '7:3: unknown verb, client or modifier "kil": expected one of start, stop, kill, power-loss, pause, resume, stall, unstall, partition, cut, mend, heal, break, disk, tear-tail, link, drop, hold, release, duplicate, delay, wait, until, check, pick, move, disconnect, open, calm, say, alice, at, within, as, expect, async; did you mean kill?',
  ],
  [
    'no verb',
    line('at: 5s'),
    '7:3: found a line without a verb, expected one of start, stop, kill, power-loss, pause, resume, stall, unstall, partition, cut, mend, heal, break, disk, tear-tail, link, drop, hold, release, duplicate, delay, wait, until, check, pick, move, disconnect, open, calm, say, alice',
  ],
  ['two verbs', line('kill: s1\n  start: s1'), '8:3: found a second verb, start, beside kill: expected a line of its own'],
  ['a modifier that does not go with the verb', line('wait: 1s\n  as: x'), '8:3: found "as" beside wait, expected at there'],
  [
    'a modifier of operations',
    line('until: leader elected\n  expect: ok'),
    '8:3: found "expect" beside until, expected at, within, as there',
  ],
  ['no operation', line('alice: [get, /a]'), '7:10: found a list of 2, expected an operation in zkCli syntax, such as create /a hello'],
  ['an unknown operation', line('alice: gett /a'), "7:10: found 'gett', expected a command (create, "],
  ['a path without a slash', line('alice: get a'), "7:14: found 'a', expected a path that begins with /"],
  ['a path in quotes, without a slash', line('alice: "get a"'), "7:15: found 'a', expected a path that begins with /"],
  ['a path with an empty name', line('alice: get /a//b'), "7:17: found '/a//b', expected the name of a node, which is not empty, . or .."],
  ['an operation cut short', line('alice: set /a'), '7:16: found the end, expected data'],
  ['an operation in a folded text', line('alice: >\n    get\n    a'), "7:10: found 'a', expected a path that begins with /"],
  ['a result that cannot be', line('alice: set /a/b 1\n  expect: OKAY'), '7:10: unknown result "OKAY": expected one of ok, OK, '],
  [
    'a field that a Stat has not',
    line('alice: stat /a/b\n  expect: versoin = 1'),
    '7:10: unknown result "versoin = 1": expected one of czxid = VALUE, mzxid = VALUE, ctime = VALUE, mtime = VALUE, version = VALUE, cversion = VALUE, aversion = VALUE, ephemeralOwner = VALUE, dataLength = VALUE, numChildren = VALUE, pzxid = VALUE',
  ],
  ['no direction', line('cut: s1 s2'), '7:8: found "s1 s2", expected two names and an arrow, such as s1 > s2 or s1 <> s2'],
  ['a connection of one', line('break: s1'), '7:10: found 1 of them, expected two names, such as s1 - s2'],
  ['one server in two groups', line('partition: [[s1, s2], [s2, s3]]'), '7:14: found s2 in two groups, expected each in one'],
  ['no zxid', line('drop: { zxid: one }'), '7:9: found "one", expected a zxid such as 1.2 or 0x100000002'],
  ['a delay of unknown length', line('delay: { type: ACK }'), '7:10: the key "by" is missing, expected a duration'],
  ['a length of no delay', line('drop: { type: ACK, by: 1s }'), '7:9: found "by" with drop, expected it with delay only'],
  ['a pick without a name', line('pick: leader'), '7:9: found pick without as, expected the name to give'],
];

const names: Row[] = [
  [
    'an unknown server',
    line('kill: s4'),
    `7:9: unknown server or client "s4": expected one of ${servers}, alice, ${roles}, bound; did you mean s1?`,
  ],
  [
    'an unknown server behind except',
    line('kill: all except s4'),
    `7:9: unknown server or client "s4": expected one of ${servers}, alice, ${roles}, bound; did you mean s1?`,
  ],
  [
    'except and a comma',
    line('kill: "all except s1, s2"'),
    '7:9: found "all except s1, s2", expected names such as s1, leader or all except s1 except s2',
  ],
  [
    'a name that is bound later',
    line('kill: later\n- pick: leader\n  as: later'),
    `7:9: unknown server or client "later": expected one of ${servers}, alice, ${roles}, bound`,
  ],
  [
    'a client where a server must be',
    line('move: { client: alice, to: alice }'),
    `7:9: unknown server "alice": expected one of ${servers}, ${roles}, bound`,
  ],
  ['an unknown client', line('move: { client: alcie, to: s1 }'), '7:9: unknown client "alcie": expected one of alice; did you mean alice?'],
  [
    'an unknown thread',
    line('stall: { server: s1, thread: SyncTread }'),
    '7:10: unknown thread "SyncTread": expected one of QuorumPeer, Listener, Connector, SendWorker, RecvWorker, WorkerSender, WorkerReceiver, LearnerCnxAcceptor, LearnerHandler, LearnerHandlerSender, SyncThread, SnapshotThread, ClientAcceptor, ClientReader, ClientWriter, PrepRequestProcessor, FollowerRequestProcessor, CommitProcessor, CommitProcWork, SessionTracker, WatchEvents, CommitIntake, ContainerManager, RequestThrottler, SendThread, EventThread, ReadThread, TcpConnection; did you mean SyncThread?',
  ],
  ['an unknown packet', line('hold: { type: PROPOSE }'), '7:9: unknown packet "PROPOSE": expected one of REQUEST, PROPOSAL, '],
  [
    'an unknown server of a client',
    'name: x\nclients: [{ name: alice, servers: [s1, s7] }]\n',
    `2:35: unknown server "s7": expected one of ${servers}; did you mean s1?`,
  ],
  ['an unknown mutation', 'name: x\nmutations: [no-such-bug]\n', '2:13: unknown mutation "no-such-bug": '],
  ['an unknown property to check', 'name: x\ncheck: [I-SINC]\n', '2:9: unknown property "I-SINC": '],
  ['an unknown preset', 'name: x\npreset: fixd\n', '2:9: unknown preset "fixd": '],
  [
    'an unknown property',
    expects('violates: I-LOS'),
    '8:13: unknown property "I-LOS": expected one of I-LEAD, I-INT, I-AGR, I-LOSS, I-UNC, I-PO, I-LOG, I-DIG, I-REC, I-CODE, I-FIFO, I-MONO, I-WORD, I-WLOST, I-EPH, I-SESS, I-BOOT, I-LIVE, I-MUTEX, I-RECIPE, I-LIN, I-SYNC; did you mean I-LOSS?',
  ],
  ['an unknown path', expects('/a/c = 1 on all'), '8:3: unknown path "/a/c": expected one of /a/b; did you mean /a/b?'],
  ['two clients of one name', 'name: x\nclients: [bob, bob]\n', '2:16: found a second client "bob", expected another name'],
  [
    'a client with the name of a server',
    'name: x\nclients: [s2]\n',
    '2:11: found client "s2", which has the name of a server: expected another name',
  ],
  [
    'a client with the name of a role',
    'name: x\nclients: [leader]\n',
    '2:11: found client "leader", which has the name of a role: expected another name',
  ],
  [
    'a client with the name of a verb',
    'name: x\nclients: [wait]\n',
    '2:11: found "wait" for a client, which is a word of script lines: expected another name',
  ],
  [
    'a binding with the name of a server',
    line('pick: leader\n  as: s1'),
    '7:9: found "as: s1", which is the name of a server, a client or a role: expected a new name',
  ],
  [
    'two servers of one sid',
    'name: x\nensemble: { servers: [{ name: a, sid: 2 }, { name: b }] }\n',
    '2:52: found sid 2 a second time, expected another one',
  ],
  [
    'observers only',
    'name: x\nensemble: { servers: [{ name: a, observer: true }] }\n',
    '2:22: found observers only, expected a server that votes',
  ],
  [
    'observers twice',
    'name: x\nensemble: { servers: [{ name: a }], observers: 1 }\n',
    '2:48: found observers beside a list of servers, expected "observer: true" in that list',
  ],
];

const conditions: Row[] = [
  [
    'an unknown server',
    line('until: s4 is LEADING'),
    `7:10: unknown server "s4": expected one of ${servers}, ${roles}, bound; did you mean s1?`,
  ],
  [
    'an unknown state',
    expects('s1 is LEADIN'),
    `8:3: unknown state or server "LEADIN": expected one of LOOKING, FOLLOWING, LEADING, OBSERVING, ELECTION, DISCOVERY, SYNCHRONIZATION, BROADCAST, down, off, paused, ${servers}, ${roles}, bound; did you mean LEADING?`,
  ],
  ['an unknown client', line('until: bob is connected'), '7:10: unknown client "bob": expected one of alice'],
  [
    'an unknown packet',
    line('until: PROPSAL from s1 to s2 in flight'),
    '7:10: unknown packet "PROPSAL": expected one of REQUEST, PROPOSAL, ',
  ],
  ['an unknown note', line('until: s1 noted comitted'), '7:10: unknown note "comitted": expected one of '],
  ['an unknown note in the trace', expects('trace: { note: sync-pan }'), '8:18: unknown note "sync-pan": expected one of '],
  ['a note without its type', expects('trace: { row: SYNC-04 }'), '8:10: the key "note" is missing, expected the type of a note'],
  [
    'a place that is nowhere',
    expects('trace: { note: committed, at: s9 }'),
    `8:18: unknown server or client "s9": expected one of ${servers}, alice, ${roles}, bound; did you mean s1?`,
  ],
  [
    'no condition',
    line('until: leader elcted'),
    '7:10: found "leader elcted", expected a condition; did you mean "leader elected"?\n  leader elected\n  no leader\n',
  ],
  ['no zxid', line('until: s1 has applied two'), '7:10: found "s1 has applied two", expected a condition\n'],
];

describe.for([
  ['documents', documents],
  ['types', types],
  ['times', times],
  ['lines', lines],
  ['names', names],
  ['conditions', conditions],
] as const)('%s', ([, rows]) => {
  test.for(rows)('%s', ([, text, message]) => {
    const found = messageOf(text);
    // Lists that grow with the catalogue are given by their beginning.
    expect(/[ \n]$/.test(message) ? found.slice(0, message.length) : found).toBe(message);
  });
});
