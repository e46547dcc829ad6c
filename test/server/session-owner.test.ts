// A session's owner is one connection. Where it is only a server, as in ZooKeeper up to master, what a client sent on a connection that it
// has left can be let in after what it sent later on another: found here in random runs, not confirmed on a real ensemble.

import { expect, test } from 'vitest';
import { runNext } from '../../src/kernel/run.ts';
import { CLIENT_READER, FOLLOWER_REQUEST, PREP } from '../../src/server/thread-kinds.ts';
import { act, call, hush, makeServing, nodeOf, notesOf, returned, runMs, type Serving } from '../support/serving-ensemble.ts';

interface Story {
  readonly it: Serving;
  readonly c1: number;
  readonly s1: number;
  readonly s2: number;
  readonly s3: number;
}

/** A client at s1, which may go everywhere; s3 leads. */
function begin(ownerIsConnection: boolean): Story {
  const it = makeServing({ clients: [['s1', 's2', 's3']], decisions: { ownerIsConnection } });
  expect(call(it, 'c1', 'create /x start')).toMatchObject({ error: 'OK' });
  hush(it);
  const [c1, s1, s2, s3] = ['c1', 's1', 's2', 's3'].map((name) => nodeOf(it, name)) as [number, number, number, number];
  return { it, c1, s1, s2, s3 };
}

function move({ it, c1 }: Story, server: number, ms: number): void {
  act(it, { type: 'move-client', node: c1, server });
  runMs(it, ms);
}

function stall({ it }: Story, node: number, kind: number): void {
  act(it, { type: 'stall', node, kind, forUs: null, onlyLiving: true });
}

function unstall({ it }: Story, node: number, kind: number): void {
  act(it, { type: 'unstall', node, kind });
}

/** Runs up to the event that makes such a note. */
function runToNote({ it }: Story, type: string, name: string): void {
  while (notesOf(it, type, name).length === 0) expect(runNext(it.ensemble.world)).toBe(true);
}

/** What the client reads in the end; it got no answer to the old write, and was told that the new one is done. */
function settled({ it }: Story, older: number, newer: number): unknown {
  expect(returned(it, older)).toMatchObject({ error: 'CONNECTIONLOSS' });
  expect(returned(it, newer)).toMatchObject({ error: 'OK' });
  runMs(it, 3000);
  return call(it, 'c1', 'get /x', 500)?.['result'];
}

const both = [
  { ownerIsConnection: true, left: 'new' },
  { ownerIsConnection: false, left: 'old' },
];

test.for(both)(
  'there and back, while the old write is still in the FollowerRequestProcessor: $left is left [SESS-25]',
  ({ ownerIsConnection, left }) => {
    const story = begin(ownerIsConnection);
    const { it, s1, s2 } = story;
    stall(story, s1, FOLLOWER_REQUEST);
    const older = it.calls;
    call(it, 'c1', 'set /x old', 20);
    move(story, s2, 100);
    const newer = it.calls;
    call(it, 'c1', 'set /x new', 100);
    move(story, s1, 100);
    unstall(story, s1, FOLLOWER_REQUEST);
    expect(settled(story, older, newer)).toMatchObject({ data: left });
  },
);

test.for(both)(
  'an abandoned attempt is revalidated late, before PREP has seen the old write: $left is left [SESS-13] [SESS-25]',
  ({ ownerIsConnection, left }) => {
    const story = begin(ownerIsConnection);
    const { it, s1, s2, s3 } = story;
    act(it, { type: 'message-rule', match: { from: s1, to: s3, packet: 'REQUEST' }, action: 'hold', delayUs: 0, skip: 0, times: 1 });
    const older = it.calls;
    call(it, 'c1', 'set /x old', 20);
    move(story, s1, 20); // its REVALIDATE waits behind the old write
    move(story, s2, 100);
    const newer = it.calls;
    call(it, 'c1', 'set /x new', 100);
    stall(story, s3, PREP);
    act(it, { type: 'packets', match: { from: s1, to: s3, packet: 'REQUEST' }, action: 'release', times: 1 });
    runMs(it, 20);
    unstall(story, s3, PREP);
    expect(settled(story, older, newer)).toMatchObject({ data: left });
  },
);

test.for(both)(
  'a leader answers its client before it owns the session, and the client is gone again: $left is left [SESS-12]',
  ({ ownerIsConnection, left }) => {
    const story = begin(ownerIsConnection);
    const { it, s2, s3 } = story;
    move(story, s3, 0);
    runToNote(story, 'session-attached', 's3');
    stall(story, s3, CLIENT_READER);
    runMs(it, 50);
    const older = it.calls;
    call(it, 'c1', 'set /x old', 20);
    move(story, s2, 100);
    const newer = it.calls;
    call(it, 'c1', 'set /x new', 100);
    unstall(story, s3, CLIENT_READER);
    expect(settled(story, older, newer)).toMatchObject({ data: left });
  },
);

test.for(both)(
  "a connection gets the answer to an earlier one's question, ahead of its own: $left is left [SESS-13]",
  ({ ownerIsConnection, left }) => {
    const story = begin(ownerIsConnection);
    const { it, s1, s2, s3 } = story;
    act(it, { type: 'message-rule', match: { from: s1, to: s3, packet: 'REVALIDATE' }, action: 'hold', delayUs: 0, skip: 0, times: 1 });
    move(story, s1, 20);
    hush(it);
    move(story, s1, 0);
    runToNote(story, 'connection-closed', 's1'); // of the first attempt, by the second (SESS-05), which has not asked yet
    stall(story, s1, CLIENT_READER);
    act(it, { type: 'packets', match: { from: s1, to: s3, packet: 'REVALIDATE' }, action: 'release', times: 1 });
    runMs(it, 50);
    const isAttached = notesOf(it, 'session-attached', 's1').length > 0;
    expect(isAttached).toBe(!ownerIsConnection);
    const older = it.calls;
    call(it, 'c1', 'set /x old', 20);
    move(story, s2, 100);
    const newer = it.calls;
    call(it, 'c1', 'set /x new', 100);
    unstall(story, s1, CLIENT_READER);
    expect(settled(story, older, newer)).toMatchObject({ data: left });
  },
);
