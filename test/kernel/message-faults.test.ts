import { describe, expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { addRule, removeRule } from '../../src/kernel/message-rules.ts';
import { findPackets, healAll, packetsInFlight, partition, touchPacket } from '../../src/kernel/network-faults.ts';
import { kill, setPaused } from '../../src/kernel/node.ts';
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

describe('a full window', () => {
  const network = { windowPackets: 3 };

  test('blocks the sender until the receiver reads again, and nothing is lost', () => {
    const lab = connected({ network });
    act(lab.world, () => setPaused(lab.world, B, true));
    say(lab.world, A, '1', '2', '3', '4', '5');
    later(lab.world, SECOND);
    expect(packetsInFlight(lab.world)).toHaveLength(3);
    expect(lab.log.filter((line) => line.startsWith('A.Writer'))).toHaveLength(1 + 4); // 'go', three sends, one that waits
    act(lab.world, () => setPaused(lab.world, B, false));
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual(['1', '2', '3', '4', '5']);
  });

  test('a sender that waits fails when its side gives the connection up', () => {
    const lab = connected({ network });
    act(lab.world, () => partition(lab.world, [[A], [B]]));
    say(lab.world, A, '1', '2', '3', '4');
    later(lab.world, 5 * SECOND);
    expect(failuresOf(lab, 'A')).toEqual([]);
    later(lab.world, 5 * SECOND);
    expect(failuresOf(lab, 'A')).toEqual(['A.Writer failed broken']);
  });

  test('a sender that waits goes on into nothing when the receiver dies, and then fails', () => {
    const lab = connected({ network });
    act(lab.world, () => setPaused(lab.world, B, true));
    say(lab.world, A, '1', '2', '3', '4');
    later(lab.world, SECOND);
    const slot = lab.world.nodes[A]!.part;
    expect([...peek(lab.world.parts, slot).threads.values()].some((thread) => peek(lab.world.parts, thread).writing === lab.id)).toBe(true);
    act(lab.world, () => kill(lab.world, B));
    later(lab.world, SECOND);
    say(lab.world, A, '5');
    later(lab.world, SECOND);
    expect(failuresOf(lab, 'A').length).toBeGreaterThan(0);
  });
});

describe('a message', () => {
  test('that a rule matches is dropped, held, sent twice or delayed; others follow in order', () => {
    const lab = connected();
    for (const action of ['drop', 'hold', 'duplicate', 'delay'] as const) {
      addRule(lab.world, { match: { from: A, to: B, port: PORT, packet: action }, action, delayUs: 5000, skip: 0, times: 1 });
    }
    say(lab.world, A, 'first', 'drop', 'duplicate', 'delay', 'last');
    later(lab.world, 1000);
    expect(readBy(lab, 'B')).toEqual(['first', 'duplicate', 'duplicate']);
    later(lab.world, 10_000);
    expect(readBy(lab, 'B')).toEqual(['first', 'duplicate', 'duplicate', 'delay', 'last']);
    say(lab.world, A, 'hold', 'behind');
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toHaveLength(5);
    const [held] = findPackets(lab.world, { packet: 'hold' });
    act(lab.world, () => touchPacket(lab.world, held!, 'release'));
    later(lab.world, 1000);
    expect(readBy(lab, 'B').slice(5)).toEqual(['hold', 'behind']);
  });

  test('is counted by a rule: so many pass, so many are meant, the next are not', () => {
    const lab = connected();
    const id = addRule(lab.world, { match: { packet: 'x' }, action: 'drop', delayUs: 0, skip: 2, times: 2 });
    say(lab.world, A, 'x', 'x', 'x', 'x', 'x', 'end');
    later(lab.world, 1000);
    expect(readBy(lab, 'B')).toEqual(['x', 'x', 'x', 'end']);
    removeRule(lab.world, id);
    expect(peek(lab.world.parts, lab.world.network).rules).toEqual([]);
  });

  test('in flight can be dropped, held, let go, doubled and put off by hand', () => {
    const lab = connected();
    say(lab.world, A, '1', '2', '3', '4');
    play(lab.world, lab.world.now);
    const name = (packet: string): NonNullable<ReturnType<typeof findPackets>[number]> => findPackets(lab.world, { packet })[0]!;
    act(lab.world, () => touchPacket(lab.world, name('1'), 'drop'));
    act(lab.world, () => touchPacket(lab.world, name('2'), 'duplicate'));
    act(lab.world, () => touchPacket(lab.world, name('3'), { at: lab.world.now + 5000 }));
    const gone = name('4');
    act(lab.world, () => touchPacket(lab.world, gone, 'drop'));
    expect(touchPacket(lab.world, gone, 'drop')).toBe(false);
    later(lab.world, 1000);
    expect(readBy(lab, 'B')).toEqual(['2', '2']);
    later(lab.world, 10_000);
    expect(readBy(lab, 'B')).toEqual(['2', '2', '3']);
  });

  test('held by a rule stays held through a partition and its heal', () => {
    const lab = connected();
    addRule(lab.world, { match: { packet: 'held' }, action: 'hold', delayUs: 0, skip: 0, times: 1 });
    say(lab.world, A, 'held', 'next');
    later(lab.world, 1000);
    act(lab.world, () => partition(lab.world, [[A]]));
    later(lab.world, 1000);
    act(lab.world, () => healAll(lab.world));
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual([]);
    act(lab.world, () => touchPacket(lab.world, findPackets(lab.world, { packet: 'held' })[0]!, 'release'));
    later(lab.world, SECOND);
    expect(readBy(lab, 'B')).toEqual(['held', 'next']);
  });

  test('as a datagram may overtake others, and a lost one stays lost: why Zab needs first in, first out [R18]', () => {
    const network = { datagrams: true, latencies: [10, 500, 2000], lossPerMillion: 100_000 };
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const lab = connected({ seed: String(seed), network: { ...network } });
      play(lab.world, 2 * SECOND);
      if (linkIdOf(lab.world, A) === -1) continue;
      say(lab.world, A, '1', '2', '3', '4');
      later(lab.world, SECOND);
      orders.add(readBy(lab, 'B').join(''));
    }
    expect([...orders].some((order) => order.length === 4 && order !== '1234')).toBe(true);
    expect([...orders].some((order) => order.length < 4)).toBe(true);
  });
});
