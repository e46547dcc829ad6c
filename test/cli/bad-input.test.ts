// Every mistake in a scenario or on the command line: exit 2 and one message with the place, what was found, what was expected and the nearest right name.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zablab } from '../support/command-line.ts';

/** What is wrong, the scenario as it stands in the file, and the message after `zablab: `. */
type Row = [what: string, text: string, message: string];

const script = (line: string): string => `name: x\nclients: [alice]\nscript:\n  - ${line}\n`;

const keys: Row[] = [
  ['an unknown key', 'name: x\nensmble: {}\n', '2:1: unknown key "ensmble": expected one of name, about, .*; did you mean ensemble\\?'],
  ['an unknown key inside', 'name: x\nensemble:\n  server: 3\n', '3:3: unknown key "server": .*; did you mean servers\\?'],
  ['an unknown key in a list', 'name: x\nensemble:\n  servers:\n  - {nam: a}\n', '4:6: unknown key "nam": .*; did you mean name\\?'],
  ['an unknown key of a verb', script('drop: {type: ACK, form: s1}'), '4:23: unknown key "form": .*; did you mean from\\?'],
  ['an unknown kind of expectation', 'name: x\nexpect:\n- violate: I-LOSS\n', '3:3: unknown key "violate": .*; did you mean violates\\?'],
  ['an unknown verb', script('wiat: 1s'), '4:5: unknown verb, client or modifier "wiat": .*; did you mean wait\\?'],
  ['a key twice', 'name: x\nname: y\n', '2:1: found the key "name" a second time, expected it once'],
  ['no name', 'seed: 1\n', '1:1: the key "name" is missing: expected a text'],
];

const types: Row[] = [
  ['a text for a map', 'name: x\nensemble: 3\n', '2:11: found "3", expected a map'],
  ['a list for a text', 'name: [x]\n', '1:7: found a list of 1, expected a text'],
  ['a map for a text or a list', script('kill: {a: b}'), '4:11: found a map, expected a text or a list'],
  ['a text for a list', 'name: x\nclients: alice\n', '2:10: found "alice", expected a list'],
  ['a text for a number', 'name: x\nensemble: {servers: many}\n', '2:21: found "many", expected a whole number from 1 to 99'],
  ['a number too large', 'name: x\nensemble: {servers: 100}\n', '2:21: found "100", expected a whole number from 1 to 99'],
  ['a word that is not on the list', 'name: x\nmode: fin\n', '2:7: found "fin", expected one of fine, coarse; did you mean fine\\?'],
  ['a seed that is empty', 'name: x\nseed:\n', '2:1: found nothing, expected a text or a number'],
  ['two verbs', script('kill: s1\n    start: s1'), '5:5: found a second verb, start, beside kill: expected a line of its own'],
];

const times: Row[] = [
  ['a time without a unit', 'name: x\nuntil: 5\n', '2:8: found "5", expected a duration with a unit, such as 200ms, 1.5s or 2min'],
  ['a time before the start', script('wait: -1s'), '4:11: found "-1s", expected a duration with a unit, .*'],
  ['a time beyond the end', 'name: x\nuntil: 9999999h\n', '2:8: found "9999999h", expected a duration .*'],
  ['a word for a time', script('kill: s1\n    at: noon'), '5:9: found "noon", expected a duration .*'],
  [
    'a range that falls',
    'name: x\nnetwork: {latency: 2ms..1ms}\n',
    '2:20: found "2ms..1ms", expected a duration or a range such as 0.2ms..0.5ms',
  ],
];

const names: Row[] = [
  ['an unknown server', script('kill: s9'), '4:11: unknown server or client "s9": expected one of s1, s2, s3, .*; did you mean s1\\?'],
  ['an unknown server in a condition', script('until: s4 is LEADING'), '4:12: unknown server "s4": .*; did you mean s1\\?'],
  [
    'an unknown server of a client',
    'name: x\nclients: [{name: a, servers: s7}]\n',
    '2:30: unknown server "s7": expected one of s1, s2, s3; .*',
  ],
  [
    'an unknown client',
    script('move: {client: alcie, to: s2}'),
    '4:11: unknown client "alcie": expected one of alice; did you mean alice\\?',
  ],
  ['an unknown mutation', 'name: x\nmutations: [no-such-bug]\n', '2:13: unknown mutation "no-such-bug": .*'],
  ['an unknown preset', 'name: x\npreset: fixde\n', '2:9: unknown preset "fixde": expected one of .*fixed.*; did you mean fixed\\?'],
  ['an unknown property', 'name: x\nexpect:\n- violates: I-LOS\n', '3:13: unknown property "I-LOS": .*; did you mean I-LOSS\\?'],
  [
    'two servers of one name',
    'name: x\nensemble: {servers: [{name: a}, {name: a}]}\n',
    '2:40: found a second server "a", expected another name',
  ],
  [
    'two servers of one sid',
    'name: x\nensemble: {servers: [{name: a}, {name: b, sid: 1}]}\n',
    '2:48: found sid 1 a second time, expected another one',
  ],
  ['two clients of one name', 'name: x\nclients: [bob, bob]\n', '2:16: found a second client "bob", expected another name'],
  [
    'a client named as a server',
    'name: x\nclients: [s1]\n',
    '2:11: found client "s1", which has the name of a server: expected another name',
  ],
];

const sentences: Row[] = [
  ['a path without a slash', script('alice: create a b'), "4:19: found 'a', expected a path that begins with /"],
  ['an unknown operation', script('alice: craete /a b'), "4:12: found 'craete', expected a command .*; did you mean 'create'\\?"],
  ['an operation cut short', script('alice: get'), '4:15: found the end, expected a path'],
  ['a condition that is none', 'name: x\nexpect:\n- s1 leads\n', '3:3: found "s1 leads", expected a condition\n  leader elected\n[^]*'],
  ['a state that is none', 'name: x\nexpect:\n- s1 is LEDING\n', '3:3: unknown state or server "LEDING": .*; did you mean LEADING\\?'],
  ['a zxid that is none', script('drop: {zxid: abc}'), '4:11: found "abc", expected a zxid such as 1.2 or 0x100000002'],
];

const documents: Row[] = [
  ['nothing', '', '1:1: the key "name" is missing: expected a text'],
  ['only a text', 'hello', '1:1: found "hello", expected a map'],
  ['what is not YAML', 'name: "x\n', '2:1: not YAML: Missing closing "quote'],
  ['a tab', '\tname: x\n', '1:1: not YAML: Tabs are not allowed as indentation'],
  ['two documents', 'name: x\n---\nname: y\n', '2:1: found a second document, expected one'],
  ['an anchor that holds itself', 'name: &a [*a]\n', '1:11: found values nested more than 40 deep'],
  ['an alias of nothing', 'name: x\nabout: *b\n', '2:8: found \\*b, expected the name of an anchor above it'],
];

describe.for([...keys, ...types, ...times, ...names, ...sentences, ...documents])('%s', ([, text, message]) => {
  test('exit 2, the place, what was found and what was expected', async () => {
    const { code, out, err } = await zablab(['run', '-'], { stdin: text });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(new RegExp(`^zablab: <stdin>:${message}\n$`));
  });
});

describe('what is named on the command line', () => {
  test.for<[string, string[], string]>([
    ['an unknown preset', ['--preset', 'fixde'], '--preset: unknown preset "fixde": .*; did you mean fixed\\?'],
    ['an unknown mutation', ['--mutate', 'nonne'], '--mutate: unknown mutation "nonne": .*; did you mean none\\?'],
    [
      'two mutations of one step',
      ['--mutate', 'A1', '--mutate', 'A2'],
      '--mutate: ZOOKEEPER-4646 edits step .*, which another mutation has taken out of .*',
    ],
    ['a time without a unit', ['--until', '5'], '--until: found "5", expected a duration .*'],
    ['an unknown mode', ['--mode', 'fin'], '--mode: unknown mode "fin": expected one of fine, coarse; did you mean fine\\?'],
    ['an unknown level', ['--level', 'stroy'], '--level: unknown level "stroy": expected one of story, detail; did you mean story\\?'],
    ['a seed of nothing', ['--seed', ''], '--seed: found nothing, expected a text or a number'],
    [
      'a trace in no folder',
      ['--trace', join('no', 'such', 'folder')],
      '--trace: ".*" cannot be written \\(ENOENT.*\\), expected the name of a new file',
    ],
  ])('%s', async ([, flags, message]) => {
    const { code, out, err } = await zablab(['run', '-', ...flags], { stdin: 'name: x\n' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(new RegExp(`^zablab: ${message}\n$`));
  });

  test('a kind that there is not to list', async () => {
    expect(await zablab(['list', 'mutation'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean mutations?') });
  });
});

describe('what is no scenario at all', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'zablab-input-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.for<[string, Uint8Array | string, string]>([
    ['a binary file', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]), 'found a zero byte at offset 4, expected a scenario as text'],
    ['bytes that are not UTF-8', new Uint8Array([0x6e, 0xff, 0xfe]), 'found bytes that are not UTF-8, expected a scenario as text'],
    ['a file of five million bytes', ' '.repeat(5_000_000), 'found more than 4000000 bytes, expected a scenario'],
    ['a file of two million characters', ' '.repeat(2_000_000), 'found 2000000 characters, expected at most 1000000'],
  ])('%s', async ([, content, message]) => {
    const file = join(folder, 'x.yaml');
    writeFileSync(file, content);
    expect(await zablab(['run', file])).toEqual({ code: 2, out: '', err: `zablab: ${file}: ${message}\n` });
  });

  test('a file that is not there', async () => {
    const { code, err } = await zablab(['run', join(folder, 'none.yaml')]);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/there is no such file, expected a scenario file or a name from `zablab list scenarios`\n$/),
    });
  });

  test('a name that is nearly that of a scenario', async () => {
    expect((await zablab(['run', 'failures/leader-crush'])).err).toContain('did you mean failures/leader-crash?');
    expect((await zablab(['run', 'leader-crash'])).err).toContain('did you mean failures/leader-crash?');
  });

  test('a folder', async () => {
    expect(await zablab(['run', folder])).toEqual({
      code: 2,
      out: '',
      err: `zablab: ${folder}: it is a folder, expected a scenario file\n`,
    });
  });

  test.for([
    ['#seed=3', 'found no scenario in its fragment, expected #s=NAME'],
    ['#s=failures/leader-crash&do=a2lsbA', 'found "kill" among its clicks, expected an event, a time and a line of a script'],
    ['#s=no/such', 'there is no such scenario "no/such", expected'],
    ['#s=../package', 'there is no such scenario "../package", expected'],
    ['#t=***', 'found characters in t that are not base64url'],
    ['#t=_____w', 't can be neither inflated nor read as UTF-8'],
    ['#s=failures/leader-crash&until=never', 'until: found "never", expected a duration'],
  ])('the link %s', async ([link = '', message = '']) => {
    const { code, out, err } = await zablab(['run', `http://127.0.0.1/${link}`]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^zablab: link[:,] .*\n$/);
    expect(err).toContain(message);
  });
});
