// Recipes: what their programs ask for, how they wait, and that many clients at once keep what they promise.

import { describe, expect, test } from 'vitest';
import { makeChecker, observeEvent, reportOf, type Checker } from '../../src/check/checker.ts';
import { hashText } from '../../src/base/hash.ts';
import { parseOperation } from '../../src/client/zkcli.ts';
import { actOn, forkEnsemble, makeEnsemble, startAll, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { notesOf, type Note } from '../../src/ensemble/note.ts';
import { makeClient, makeSpec } from '../../src/ensemble/spec.ts';
import { runUntil } from '../../src/kernel/run.ts';

type Done = Extract<Note, { type: 'client-sequence-done' }>;

interface Scene {
  readonly ensemble: Ensemble;
  readonly checker: Checker;
  readonly notes: { readonly node: number; readonly note: Note }[];
  calls: number;
}

const NAMES = ['alice', 'bob', 'carol'];
const SERVERS = 3;

function open(seed = '1'): Scene {
  const clients = NAMES.map((name, i) =>
    makeClient(name, { servers: [`s${i + 1}`], shufflesServers: false, connectDelayMs: 0, sessionTimeoutMs: 4000 }),
  );
  const ensemble = makeEnsemble(makeSpec({ seed, clients }));
  const scene: Scene = { ensemble, checker: makeChecker(ensemble), notes: [], calls: 0 };
  ensemble.world.observe = ({ record }) => {
    observeEvent(scene.checker, ensemble);
    for (const note of notesOf(record)) scene.notes.push({ node: record.node, note });
  };
  startAll(ensemble);
  wait(scene, 4000);
  return scene;
}

function wait({ ensemble: { world } }: Scene, ms: number): void {
  const until = world.now + ms * 1000;
  runUntil(world, until);
  world.now = Math.max(world.now, until);
}

function nodeOf(name: string): number {
  return SERVERS + NAMES.indexOf(name);
}

/** The number of the call. */
function ask(scene: Scene, name: string, text: string, ms = 100): number {
  const call = ++scene.calls;
  actOn(scene.ensemble, { type: 'invoke', node: nodeOf(name), call, operation: parseOperation(text) });
  wait(scene, ms);
  return call;
}

function doneOf({ notes }: Scene, call: number): Done | null {
  for (const { note } of notes) if (note.type === 'client-sequence-done' && note.call === call) return note;
  return null;
}

/** Its error, or the path it told of; null while it goes on. */
function outcomeOf(scene: Scene, call: number): string | null {
  const done = doneOf(scene, call);
  if (done === null || done.error !== 'OK') return done?.error ?? null;
  const [first] = done.told;
  return first?.key === 'path' ? first.path : 'OK';
}

function count({ notes }: Scene, type: Note['type'], name: string): number {
  return notes.filter((each) => each.note.type === type && each.node === nodeOf(name)).length;
}

function violated({ checker, ensemble }: Scene): string[] {
  return reportOf(checker, ensemble).flatMap(({ violation }) => (violation === null ? [] : [`${violation.property} ${violation.kind}`]));
}

describe('lock', () => {
  test('it goes round in the order of the line, and each release wakes the next one only', () => {
    const scene = open();
    ask(scene, 'alice', 'create /l');
    const calls = NAMES.map((name) => ask(scene, name, 'lock /l'));
    expect(calls.map((call) => outcomeOf(scene, call))).toEqual(['/l/alice-2-0000000000', null, null]);
    ask(scene, 'alice', 'unlock /l');
    expect(calls.map((call) => outcomeOf(scene, call) !== null)).toEqual([true, true, false]);
    expect([count(scene, 'client-event', 'bob'), count(scene, 'client-event', 'carol')]).toEqual([1, 0]);
    ask(scene, 'bob', 'unlock /l');
    expect(outcomeOf(scene, calls[2]!)).toBe('/l/carol-4-0000000002');
    expect(violated(scene)).toEqual([]);
  });

  test('who waits behind one that gives up waits on behind the holder', () => {
    const scene = open();
    ask(scene, 'alice', 'create /l');
    const calls = NAMES.map((name) => ask(scene, name, 'lock /l'));
    ask(scene, 'bob', 'close', 300);
    expect(calls.map((call) => outcomeOf(scene, call))).toEqual(['/l/alice-2-0000000000', 'SESSIONEXPIRED', null]);
    expect(count(scene, 'client-waits', 'carol')).toBe(2);
    expect(violated(scene)).toEqual([]);
  });

  test('a waiter hears of a release that happened while its connection was lost [CLI-09]', () => {
    const scene = open();
    ask(scene, 'alice', 'create /l');
    ask(scene, 'alice', 'lock /l');
    const call = ask(scene, 'bob', 'lock /l');
    actOn(scene.ensemble, { type: 'disconnect-client', node: nodeOf('bob') });
    ask(scene, 'alice', 'unlock /l', 2000);
    expect(outcomeOf(scene, call)).toBe('/l/bob-3-0000000001');
  });

  test('a create whose answer is lost is found again behind a sync, not made twice [F9]', () => {
    let found = 0;
    for (let us = 200; us < 6000; us += 200) {
      const scene = open();
      ask(scene, 'alice', 'create /l');
      const call = ask(scene, 'alice', 'lock /l', us / 1000);
      actOn(scene.ensemble, { type: 'disconnect-client', node: nodeOf('alice') });
      wait(scene, 3000);
      expect(outcomeOf(scene, call)).toMatch(/^\/l\/alice-2-000000000\d$/);
      expect(violated(scene)).toEqual([]);
      const asked = scene.notes.filter(({ note }) => note.type === 'client-invoked' && note.operation.op === 'create').length;
      if (scene.notes.some(({ note }) => note.type === 'client-invoked' && note.operation.op === 'sync') && asked === 2) found++;
    }
    expect(found).toBeGreaterThan(0);
  });

  test('a guarded write needs the lock, and its node', () => {
    const scene = open();
    for (const path of ['/l', '/r']) ask(scene, 'alice', `create ${path}`);
    expect(outcomeOf(scene, ask(scene, 'alice', 'guarded-set /l /r x'))).toBe('NONODE');
    ask(scene, 'alice', 'lock /l');
    const written = doneOf(scene, ask(scene, 'alice', 'guarded-set /l /r x'));
    expect(written?.told).toMatchObject([{ key: 'written', path: '/r', lock: '/l/alice-4-0000000000' }]);
    ask(scene, 'bob', 'delete /l/alice-4-0000000000');
    expect(outcomeOf(scene, ask(scene, 'alice', 'guarded-set /l /r y'))).toBe('NONODE');
    expect(outcomeOf(scene, ask(scene, 'alice', 'unlock /l'))).toBe('OK');
  });

  test('a lock below a node that is not there fails', () => {
    const scene = open();
    expect(outcomeOf(scene, ask(scene, 'alice', 'lock /none'))).toBe('NONODE');
    expect(outcomeOf(scene, ask(scene, 'alice', 'unlock /none'))).toBe('NONODE');
  });

  test('a fork in the middle of a wait goes the same way', () => {
    const scene = open();
    ask(scene, 'alice', 'create /l');
    for (const name of NAMES) ask(scene, name, 'lock /l');
    actOn(scene.ensemble, { type: 'kill', node: nodeOf('alice') });
    wait(scene, 1000);
    const fork = forkEnsemble(scene.ensemble).world;
    const { world } = scene.ensemble;
    const until = world.now + 8_000_000;
    runUntil(world, until);
    runUntil(fork, until);
    expect(count(scene, 'client-sequence-done', 'bob')).toBe(1);
    expect(hashText(fork.hash)).toBe(hashText(world.hash));
  });
});

test('a queue gives each item away once, in its order, and then nothing', () => {
  const scene = open();
  ask(scene, 'alice', 'create /q');
  const items = ['a', 'b', 'c'].map((data) => outcomeOf(scene, ask(scene, 'alice', `offer /q ${data}`)));
  const calls = NAMES.map((name) => ask(scene, name, 'take /q', 0));
  wait(scene, 300);
  expect(new Set(calls.map((call) => outcomeOf(scene, call)))).toEqual(new Set(items));
  expect(outcomeOf(scene, ask(scene, 'bob', 'take /q'))).toBe('NONODE');
  expect(violated(scene)).toEqual([]);
});

test('a double barrier opens when all are there, lets them go together, and serves a second round', () => {
  const scene = open();
  ask(scene, 'alice', 'create /b');
  for (let round = 0; round < 2; round++) {
    const [first, second, third] = NAMES.map((name) => ask(scene, name, 'enter /b 3'));
    expect([first, second, third].map((call) => outcomeOf(scene, call!)?.startsWith('/b/'))).toEqual([true, true, true]);
    const leaving = NAMES.slice(0, 2).map((name) => ask(scene, name, 'leave /b'));
    expect(leaving.map((call) => outcomeOf(scene, call))).toEqual([null, null]);
    const last = ask(scene, 'carol', 'leave /b', 300);
    expect([...leaving, last].map((call) => outcomeOf(scene, call))).toEqual(['OK', 'OK', 'OK']);
  }
  expect(violated(scene)).toEqual([]);
});

test('on many schedules, with lost connections and lost sessions, the recipes keep what they promise', () => {
  let granted = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const scene = open(`recipes ${seed}`);
    for (const path of ['/l', '/q', '/r']) ask(scene, 'alice', `create ${path}`, 50);
    for (let turn = 0; turn < 12; turn++) {
      const name = NAMES[(seed + turn) % 3]!;
      const node = nodeOf(name);
      for (const text of ['lock /l', 'guarded-set /l /r x', 'unlock /l', 'offer /q', 'take /q']) ask(scene, name, text, (turn * seed) % 7);
      if (turn % 4 === seed % 4) actOn(scene.ensemble, { type: 'disconnect-client', node });
      if (turn === 6) actOn(scene.ensemble, { type: 'pause', node });
      if (turn === 9) for (const each of NAMES) actOn(scene.ensemble, { type: 'resume', node: nodeOf(each) });
      wait(scene, turn === 7 ? 7000 : 20);
    }
    wait(scene, 8000);
    granted += scene.notes.filter(
      ({ note }) => note.type === 'client-sequence-done' && note.command.op === 'lock' && note.error === 'OK',
    ).length;
    expect(violated(scene)).toEqual([]);
  }
  expect(granted).toBeGreaterThan(24);
});
