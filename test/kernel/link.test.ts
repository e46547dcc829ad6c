import { describe, expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { breakLink } from '../../src/kernel/link-end.ts';
import { setLinkQuality } from '../../src/kernel/link-path.ts';
import { addRule } from '../../src/kernel/message-rules.ts';
import { breakBetween, healAll, livingLinks, partition, setBlocked } from '../../src/kernel/network-faults.ts';
import { boot, kill, powerLoss, setPaused } from '../../src/kernel/node.ts';
import { nextTime } from '../../src/kernel/run.ts';
import type { World } from '../../src/kernel/world.ts';
import { failuresOf, linkIdOf, makePeers, PORT, readBy, say, tell } from '../support/connected-pair.ts';
import { act, play, type Lab, type LabOptions } from '../support/kernel-world.ts';

const A = 0;
const B = 1;
const SECOND = 1_000_000;

/** B has dialled A, and both read. */
function connected(options: LabOptions = {}): Lab & { readonly id: number } {
  const lab = makePeers(['A', 'B'], options);
  play(lab.world, 10);
  tell(lab.world, B, { type: 'dial', to: A });
  play(lab.world, 10_000);
  return { ...lab, id: linkIdOf(lab.world, B) };
}

function later(world: World, time: number): void {
  act(world, () => undefined, world.now + time);
}

function lossOfPower(world: World, node: number): void {
  act(world, () => powerLoss(world, node, { keep: 'none', torn: false }));
}

function links(world: World): number {
  return peek(world.parts, world.links).slots.size;
}

describe('a connection', () => {
  test('delivers in order and without loss, both ways [R18]', () => {
    const lab = connected({ network: { latencies: [50, 100, 900, 3000], lossPerMillion: 200_000, retransmissionsMax: 30 } });
    const names = Array.from({ length: 60 }, (_, i) => `n${i}`);
    say(lab.world, A, ...names);
    say(lab.world, B, ...names);
    later(lab.world, 10 * SECOND);
    expect(readBy(lab, 'A')).toEqual(names);
    expect(readBy(lab, 'B')).toEqual(names);
  });

  test('a lost packet costs a retransmission timeout, and later ones wait for it', () => {
    const delays = [...Array(20).keys()].map((seed) => {
      const lab = connected({ seed: String(seed), network: { lossPerMillion: 0 } });
      act(lab.world, () => setLinkQuality(lab.world, A, B, { latencies: [100], lossPerMillion: 300_000 }));
      say(lab.world, A, 'one');
      const start = lab.world.now;
      play(lab.world, start + SECOND);
      return lab.world.now - start;
    });
    expect(new Set(delays)).toContain(100);
    expect(new Set(delays)).toContain(200_100);
    for (const delay of delays) expect((delay - 100) % 200_000).toBe(0);
  });

  test('is refused where nobody listens, at once; where there is silence, after two minutes of it', () => {
    const dead = makePeers(['A', 'B'], { asleep: true });
    act(dead.world, () => boot(dead.world, B));
    play(dead.world, 10);
    tell(dead.world, B, { type: 'dial', to: A });
    play(dead.world, 10_000);
    expect(dead.log.at(-1)).toBe('B.Dialler refused');
    expect(dead.world.now).toBeLessThan(1000);

    lossOfPower(dead.world, A);
    tell(dead.world, B, { type: 'dial', to: A });
    play(dead.world, 60 * SECOND);
    expect(dead.log.at(-1)).toBe('link ');
    play(dead.world, 200 * SECOND);
    expect(dead.log.at(-1)).toBe('B.Dialler refused');
    expect(links(dead.world)).toBe(0);
  });

  test('a SYN is sent again in the face of silence: who comes back in time is reached', () => {
    const lab = makePeers(['A', 'B']);
    play(lab.world, 100);
    act(lab.world, () => partition(lab.world, [[A]]));
    tell(lab.world, B, { type: 'dial', to: A });
    later(lab.world, 2 * SECOND);
    expect(lab.log).not.toContain('B.Dialler connected> start');
    act(lab.world, () => healAll(lab.world));
    later(lab.world, 2 * SECOND);
    expect(lab.log).toContain('B.Dialler connected> start');
  });

  test('an answer to a SYN that is cut off comes after the heal', () => {
    const lab = makePeers(['A', 'B'], { network: { latencies: [1000] } });
    play(lab.world, 100);
    tell(lab.world, B, { type: 'dial', to: A });
    play(lab.world, 1100);
    act(lab.world, () => setBlocked(lab.world, A, B, true), 1500);
    later(lab.world, 10 * SECOND);
    expect(lab.log).toContain('A.Acceptor accepted> start');
    expect(lab.log).not.toContain('B.Dialler connected> start');
    act(lab.world, () => healAll(lab.world));
    later(lab.world, SECOND);
    expect(lab.log).toContain('B.Dialler connected> start');
  });

  test('a machine that loses its power before its answer has left is dialled again', () => {
    const lab = makePeers(['A', 'B'], { network: { latencies: [1000], keepaliveUs: 10 * SECOND } });
    play(lab.world, 100);
    tell(lab.world, B, { type: 'dial', to: A });
    play(lab.world, 1100);
    act(lab.world, () => setBlocked(lab.world, A, B, true), 1500);
    later(lab.world, 5000);
    lossOfPower(lab.world, A);
    act(lab.world, () => healAll(lab.world));
    later(lab.world, 3 * SECOND);
    expect(lab.log).not.toContain('B.Dialler connected> start');
    act(lab.world, () => boot(lab.world, A));
    later(lab.world, 60 * SECOND);
    expect(lab.log).toContain('B.Dialler connected> start');
    say(lab.world, B, 'hello');
    later(lab.world, SECOND);
    expect(readBy(lab, 'A')).toEqual(['hello']);
    expect(readBy(lab, 'B')).toEqual([]);
  });

  test('closing lets what was sent arrive, then the end of the stream', () => {
    const lab = connected();
    say(lab.world, A, 'one', 'two');
    tell(lab.world, A, { type: 'close' });
    later(lab.world, 1000);
    expect(readBy(lab, 'B')).toEqual(['one', 'two', 'eof']);
    expect(readBy(lab, 'A')).toEqual(['local']);
  });

  test('the other side may still send into a closed connection; it learns by a reset that nobody listens', () => {
    const lab = connected();
    tell(lab.world, A, { type: 'close' });
    later(lab.world, 1000);
    say(lab.world, B, 'in vain');
    later(lab.world, 1000);
    expect(failuresOf(lab, 'B')).toEqual([]);
    say(lab.world, B, 'again');
    later(lab.world, 1000);
    expect(failuresOf(lab, 'B')).toEqual(['B.Writer failed broken']);
    expect(readBy(lab, 'A')).toEqual(['local']);
  });

  test('what was on its way when the receiver closed is answered with a reset', () => {
    const lab = connected();
    say(lab.world, B, 'crossing');
    tell(lab.world, A, { type: 'close' });
    later(lab.world, 1000);
    expect(readBy(lab, 'B')).toEqual(['eof']);
    say(lab.world, B, 'next');
    later(lab.world, 1000);
    expect(failuresOf(lab, 'B')).toEqual(['B.Writer failed broken']);
  });

  test('is freed when both sides have let it go, and not before', () => {
    const lab = connected();
    tell(lab.world, A, { type: 'close' });
    later(lab.world, 1000);
    expect(links(lab.world)).toBe(1);
    tell(lab.world, B, { type: 'close' });
    play(lab.world, lab.world.now + 10);
    expect(links(lab.world)).toBe(0);
    say(lab.world, A, 'late');
    later(lab.world, 1000);
    expect(failuresOf(lab, 'A')).toEqual(['A.Writer failed broken']);
  });

  test('a killed process closes its sockets: what it sent arrives, then the end', () => {
    const lab = connected();
    say(lab.world, A, 'one');
    play(lab.world, lab.world.now);
    act(lab.world, () => kill(lab.world, A));
    later(lab.world, 1000);
    expect(readBy(lab, 'B')).toEqual(['one', 'eof']);
  });

  test('both sides killed at once leave nothing behind', () => {
    const lab = connected();
    say(lab.world, A, 'one');
    say(lab.world, B, 'two');
    act(lab.world, () => kill(lab.world, A));
    act(lab.world, () => kill(lab.world, B));
    play(lab.world, 60 * SECOND);
    expect(links(lab.world)).toBe(0);
    expect(nextTime(lab.world)).toBe(Infinity);
  });

  test('old bytes never reach a new connection between the same two [R18]', () => {
    for (const how of ['kill', 'power', 'break'] as const) {
      const lab = connected({ network: { latencies: [5000] } });
      later(lab.world, 20_000);
      say(lab.world, B, 'old1', 'old2');
      play(lab.world, lab.world.now + 10);
      if (how === 'kill') act(lab.world, () => kill(lab.world, A));
      if (how === 'power') lossOfPower(lab.world, A);
      if (how === 'break') act(lab.world, () => breakBetween(lab.world, A, B, PORT, { keep: [0, 0], noticeUs: [0, 0] }));
      act(lab.world, () => boot(lab.world, A));
      later(lab.world, 100);
      tell(lab.world, B, { type: 'dial', to: A });
      later(lab.world, 20_000);
      say(lab.world, B, 'new');
      later(lab.world, SECOND);
      expect(readBy(lab, 'A').filter((name) => name !== 'reset')).toEqual(['new']);
      const ids = livingLinks(lab.world).map((link) => link.incarnation);
      expect(ids).toContain(2);
    }
  });
});

describe('a break', () => {
  test('loses a suffix of its own in each direction, and each side notices at its own time [R18]', () => {
    const lab = connected({ network: { latencies: [1000] } });
    later(lab.world, 10_000);
    say(lab.world, A, 'a1', 'a2', 'a3');
    say(lab.world, B, 'b1', 'b2', 'b3');
    play(lab.world, lab.world.now);
    const start = lab.world.now;
    // Direction 0 goes out from the dialler, B; side 0 is B.
    act(lab.world, () => breakLink(lab.world, lab.id, { keep: [1, 2], noticeUs: [7000, 3000] }));
    play(lab.world, start + 5000);
    expect(readBy(lab, 'A')).toEqual(['b1', 'reset']);
    expect(readBy(lab, 'B')).toEqual(['a1', 'a2']);
    say(lab.world, B, 'into the void');
    play(lab.world, start + 20_000);
    expect(readBy(lab, 'B')).toEqual(['a1', 'a2', 'reset']);
    expect(readBy(lab, 'A')).toEqual(['b1', 'reset']);
    expect(failuresOf(lab, 'B')).toEqual([]);
    say(lab.world, B, 'now it knows');
    later(lab.world, 10);
    expect(failuresOf(lab, 'B')).toEqual(['B.Writer failed broken']);
  });

  test('drawn breaks lose different suffixes in different runs', () => {
    const kept = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const lab = connected({ seed: String(seed) });
      say(lab.world, A, 'a1', 'a2', 'a3');
      say(lab.world, B, 'b1', 'b2', 'b3');
      play(lab.world, lab.world.now);
      act(lab.world, () => breakBetween(lab.world, A, B, null, null));
      later(lab.world, SECOND);
      kept.add(`${readBy(lab, 'A').length - 1},${readBy(lab, 'B').length - 1}`);
      expect(readBy(lab, 'A').at(-1)).toBe('reset');
    }
    expect(kept.size).toBeGreaterThan(8);
  });

  test('nothing behind a lost packet is read', () => {
    const lab = connected();
    addRule(lab.world, { match: { packet: 'held' }, action: 'hold', delayUs: 0, skip: 0, times: 1 });
    say(lab.world, A, 'one', 'held', 'three');
    later(lab.world, 1000);
    act(lab.world, () => breakLink(lab.world, lab.id, { keep: [9, 9], noticeUs: [0, 0] }));
    later(lab.world, 1000);
    expect(readBy(lab, 'B')).toEqual(['one', 'reset']);
  });

  test('of an attempt to connect is a refusal', () => {
    const lab = makePeers(['A', 'B'], { network: { latencies: [1000] } });
    play(lab.world, 10);
    tell(lab.world, B, { type: 'dial', to: A });
    play(lab.world, 20);
    act(lab.world, () => breakBetween(lab.world, A, B, PORT, null));
    later(lab.world, 5000);
    expect(lab.log.slice(-2)).toEqual(['B.Dialler refused', 'input act']);
    expect(links(lab.world)).toBe(0);
  });
});

describe('silence', () => {
  test('a partition holds what is under way; after the heal it comes by retransmission, in order, once', () => {
    const lab = connected();
    say(lab.world, A, 'one', 'two');
    play(lab.world, lab.world.now);
    act(lab.world, () => partition(lab.world, [[A], [B]]));
    say(lab.world, A, 'three');
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual([]);
    act(lab.world, () => healAll(lab.world));
    say(lab.world, A, 'four');
    later(lab.world, 100_000);
    expect(readBy(lab, 'B')).toEqual([]);
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual(['one', 'two', 'three', 'four']);
  });

  test('what has arrived before the cut is read', () => {
    const lab = connected();
    act(lab.world, () => setPaused(lab.world, B, true));
    say(lab.world, A, 'one');
    later(lab.world, 1000);
    act(lab.world, () => partition(lab.world, [[A], [B]]));
    act(lab.world, () => setPaused(lab.world, B, false));
    later(lab.world, 1000);
    expect(readBy(lab, 'B')).toEqual(['one']);
  });

  test('a side that sends in vain gives up in the end; the other, which does not send, never knows', () => {
    const lab = connected();
    act(lab.world, () => partition(lab.world, [[A], [B]]));
    say(lab.world, A, 'in vain');
    later(lab.world, 6 * SECOND);
    expect(readBy(lab, 'A')).toEqual([]);
    later(lab.world, SECOND); // 200 ms, doubled four times: 6.2 s
    expect(readBy(lab, 'A')).toEqual(['reset']);
    act(lab.world, () => healAll(lab.world));
    later(lab.world, 100 * SECOND);
    expect(readBy(lab, 'B')).toEqual([]);
    say(lab.world, B, 'hello?');
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual(['reset']);
    expect(readBy(lab, 'A')).toEqual(['reset']);
  });

  test('a heal in time saves the connection', () => {
    const lab = connected();
    act(lab.world, () => partition(lab.world, [[A], [B]]));
    say(lab.world, A, 'one');
    later(lab.world, 6 * SECOND);
    act(lab.world, () => healAll(lab.world));
    later(lab.world, 100 * SECOND);
    expect(readBy(lab, 'B')).toEqual(['one']);
    expect(readBy(lab, 'A')).toEqual([]);
  });

  test('a cut of one direction delivers in the other, whose sender has no answer and gives up', () => {
    const lab = connected();
    act(lab.world, () => setBlocked(lab.world, B, A, true));
    say(lab.world, A, 'heard');
    say(lab.world, B, 'held');
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual(['heard']);
    expect(readBy(lab, 'A')).toEqual([]);
    later(lab.world, 6 * SECOND);
    expect(readBy(lab, 'B')).toEqual(['heard', 'reset']);
    expect(readBy(lab, 'A')).toEqual(['reset']);
  });

  test('a machine without power is half of a connection until keepalive finds out [R18]', () => {
    const lab = connected({ network: { keepaliveUs: 30 * SECOND } });
    lossOfPower(lab.world, A);
    later(lab.world, 29 * SECOND);
    expect(readBy(lab, 'B')).toEqual([]);
    later(lab.world, 2 * SECOND);
    expect(readBy(lab, 'B')).toEqual(['reset']);
  });

  test('without keepalive and without anything to send it stays half for ever', () => {
    const lab = connected();
    lossOfPower(lab.world, A);
    later(lab.world, 86_400 * SECOND);
    expect(readBy(lab, 'B')).toEqual([]);
    expect(links(lab.world)).toBe(1);
  });

  test('a machine that is up again answers with a reset what is still sent to its former life', () => {
    const lab = connected();
    lossOfPower(lab.world, A);
    say(lab.world, B, 'one');
    later(lab.world, SECOND);
    act(lab.world, () => boot(lab.world, A));
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual(['reset']);
    expect(readBy(lab, 'A')).toEqual([]);
  });

  test('what a machine had still to send again is lost with its power, also when only its process had died', () => {
    const lab = connected();
    act(lab.world, () => partition(lab.world, [[A], [B]]));
    say(lab.world, A, 'one');
    later(lab.world, 10);
    act(lab.world, () => kill(lab.world, A));
    lossOfPower(lab.world, A);
    act(lab.world, () => healAll(lab.world));
    later(lab.world, 5 * SECOND);
    expect(readBy(lab, 'B')).toEqual([]);
  });

  test('a process that dies behind a partition is heard of after the heal', () => {
    const lab = connected();
    act(lab.world, () => partition(lab.world, [[A], [B]]));
    say(lab.world, A, 'one');
    later(lab.world, 10);
    act(lab.world, () => kill(lab.world, A));
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual([]);
    act(lab.world, () => healAll(lab.world));
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual(['one', 'eof']);
  });

  test('the end of a stream and a reset that were on their way do not pass a cut', () => {
    const lab = connected();
    say(lab.world, B, 'crossing');
    tell(lab.world, A, { type: 'close' });
    play(lab.world, lab.world.now);
    act(lab.world, () => partition(lab.world, [[A], [B]]));
    later(lab.world, SECOND);
    say(lab.world, B, 'still thinks it is connected');
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual([]);
    expect(failuresOf(lab, 'B')).toEqual([]);
    act(lab.world, () => healAll(lab.world));
    later(lab.world, SECOND);
    expect(['eof', 'reset']).toContain(readBy(lab, 'B')[0]);
    say(lab.world, B, 'now it knows');
    later(lab.world, SECOND);
    expect(failuresOf(lab, 'B')).toEqual(['B.Writer failed broken']);
  });
});
