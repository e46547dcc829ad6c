import { describe, expect, test } from 'vitest';
import { hashText } from '../../src/base/hash.ts';
import { own, peek } from '../../src/base/parts.ts';
import { threadId, type Item } from '../../src/base/step.ts';
import { choiceNamed, choices, nextChoice, type Choice } from '../../src/kernel/choose.ts';
import { addRule } from '../../src/kernel/message-rules.ts';
import { kill, setPaused } from '../../src/kernel/node.ts';
import { makeRing } from '../../src/kernel/ring.ts';
import { choose, runInput, runNext, runUntil } from '../../src/kernel/run.ts';
import { stateKey } from '../../src/kernel/state-key.ts';
import { postItem } from '../../src/kernel/thread.ts';
import { forkWorld, type Mode, type World } from '../../src/kernel/world.ts';
import { makePeers, say, tell } from '../support/connected-pair.ts';
import { act, idOf, makeLab, play, type Threads } from '../support/kernel-world.ts';

function names(world: World): string[] {
  return choices(world).map((choice) => choice.name);
}

function take(world: World, name: string): void {
  const choice = choiceNamed(world, name);
  expect(choice, `${name} among ${names(world).join(', ')}`).not.toBeNull();
  if (choice !== null) choose(world, choice);
}

describe('choices', () => {
  test('are every event that can come next, by the names of who acts and on what [R21]', () => {
    const threads: Threads = {
      Prep: (ctx, input) => {
        if (input.type === 'request')
          ctx.effects.push({ type: 'append', file: 'log', record: { type: 'txn', zxid: 0x1_0000_0002 }, bytes: 1 });
      },
      Sync: (ctx, input) => {
        if (input.type === 'go') ctx.effects.push({ type: 'create', file: 'log' }, { type: 'fsync', files: ['log'] });
      },
      Tick: (ctx) => {
        ctx.thread.blockedOn = { on: 'queue', deadline: ctx.now + 2000 };
      },
    };
    const { world } = makeLab({ C: threads });
    play(world, 100);
    act(world, () => {
      postItem(world, 0, idOf(threads, 'Prep'), { type: 'request', zxid: 0x1_0000_0002 });
      postItem(world, 0, idOf(threads, 'Tick'), { type: 'tock' });
    });
    expect(names(world)).toEqual(['C.Prep.request(1.2)', 'C.Tick.tock', 'C.Sync.synced', 'C.Tick.timeout']);
  });

  test('keep their names when others come and go [R21]', () => {
    const lab = makePeers(['A', 'B', 'C']);
    play(lab.world, 10);
    tell(lab.world, 1, { type: 'dial', to: 0 });
    play(lab.world, 10_000);
    say(lab.world, 1, 'x');
    const before = names(lab.world);
    tell(lab.world, 2, { type: 'dial', to: 0 });
    expect(names(lab.world)).toEqual(expect.arrayContaining(before));
    act(lab.world, () => kill(lab.world, 2));
    expect(names(lab.world)).toEqual(before);
  });

  test('names of threads carry key and incarnation', () => {
    const { world } = makeLab({
      A: {
        T: (ctx, input) =>
          void (input.type === 'go' && ctx.effects.push({ type: 'start', thread: threadId(1, 3, 2), item: { type: 'run' } })),
      },
    });
    play(world, 100);
    act(world, () => postItem(world, 0, threadId(1, 3, 2), { type: 'more' }));
    expect(names(world)).toEqual(['A.T[2]#3.more']);
  });

  test('choosing sets the time to the earliest at which the event can happen, and never back', () => {
    const lab = makePeers(['A', 'B'], { network: { latencies: [1000] } });
    play(lab.world, 10);
    tell(lab.world, 1, { type: 'dial', to: 0 });
    play(lab.world, 10_000);
    act(lab.world, () => undefined, 10_000);
    say(lab.world, 1, 'x');
    take(lab.world, 'B.Writer.send');
    expect(lab.world.now).toBe(10_000);
    take(lab.world, 'A.Reader[1].read x');
    expect(lab.world.now).toBe(11_000);
    expect(lab.log.at(-1)).toBe('A.Reader packet x');
  });

  test('a timeout may be chosen when its wait has begun, and put off for ever [R15]', () => {
    const { world, log } = makeLab({
      A: { T: (ctx) => void (ctx.thread.blockedOn = { on: 'queue', deadline: ctx.now + 2000 }), U: () => undefined },
    });
    play(world, 100);
    for (let i = 0; i < 5; i++) runInput(world, 10_000 + i, { type: 'act' }, () => postItem(world, 0, threadId(2, 0), { type: 'other' }));
    // Due long ago: it can still come after everything else.
    for (let i = 0; i < 5; i++) take(world, 'A.U.other');
    expect(log.at(-1)).toBe('A.U other');
    take(world, 'A.T.timeout');
    expect(log.at(-1)).toBe('A.T timeout');
    expect(world.now).toBe(10_004);
  });

  test('a message that is there may come after the timeout of the wait for it [R15]', () => {
    const { world, log } = makeLab({ A: { T: (ctx) => void (ctx.thread.blockedOn = { on: 'queue', deadline: ctx.now + 2000 }) } });
    play(world, 100);
    runInput(world, 5000, { type: 'act' }, () => postItem(world, 0, threadId(1, 0), { type: 'mail' }));
    take(world, 'A.T.timeout');
    take(world, 'A.T.mail');
    expect(log.slice(-2)).toEqual(['A.T timeout', 'A.T mail']);
  });

  test('fsyncs of several threads may be done in any order', () => {
    const sync = (file: string) => (ctx: { effects: unknown[] }, input: Item) =>
      void (input.type === 'go' && ctx.effects.push({ type: 'create', file }, { type: 'fsync', files: [file] }));
    const { world, log } = makeLab({ A: { T: sync('t'), U: sync('u') } });
    play(world, 100);
    expect(names(world)).toEqual(['A.T.synced', 'A.U.synced']);
    take(world, 'A.U.synced');
    expect(log.at(-1)).toBe('A.disk > fsync');
    expect(names(world)).toEqual(['A.T.synced']);
  });

  test('of a paused process there are none', () => {
    const { world } = makeLab({ A: { T: (ctx) => void (ctx.thread.blockedOn = { on: 'queue', deadline: 2000 }) } });
    play(world, 100);
    act(world, () => setPaused(world, 0, true));
    expect(names(world)).toEqual([]);
  });
});

/** Plays a ring and writes down what was next each time. */
function record(mode: Mode, events: number): { readonly world: World; readonly schedule: Choice[] } {
  const world = makeRing({ mode, nodes: 3, tokens: 6, guard: true });
  const schedule: Choice[] = [];
  for (let i = 0; i < events; i++) {
    const choice = nextChoice(world);
    if (choice === null) break;
    schedule.push(choice);
    expect(runNext(world)).toBe(true);
  }
  return { world, schedule };
}

describe('schedules', () => {
  test('every coarse run replays as a fine schedule, by the names of its events [R21]', () => {
    const { world, schedule } = record('coarse', 600);
    expect(schedule).toHaveLength(600);
    const fine = makeRing({ mode: 'fine', nodes: 3, tokens: 6, guard: true });
    for (const { name } of schedule) take(fine, name);
    expect(fine.now).toBe(world.now);
    expect(hashText(fine.hash)).toBe(hashText(world.hash));
  });

  test('a fine run replays as a schedule of its own, at its own times', () => {
    const { world, schedule } = record('fine', 600);
    const again = makeRing({ mode: 'fine', nodes: 3, tokens: 6 });
    for (const choice of schedule) choose(again, choice);
    expect(hashText(again.hash)).toBe(hashText(world.hash));
  });

  test('any schedule goes the same way each time', () => {
    const play = (): string => {
      const world = makeRing({ mode: 'fine', nodes: 3, tokens: 6 });
      for (let i = 0; i < 500; i++) {
        const all = choices(world);
        choose(world, all[(i * 7) % all.length]!);
      }
      return hashText(world.hash);
    };
    expect(play()).toBe(play());
  });
});

describe('draws', () => {
  /** Arrival times of what B hears from A, by name. */
  function arrivals(prepare: (world: World) => void): Map<string, number> {
    const times = new Map<string, number>();
    const lab = makePeers(['A', 'B', 'C'], { network: { latencies: [100, 200, 300, 400, 500, 700] } });
    play(lab.world, 10);
    tell(lab.world, 1, { type: 'dial', to: 0 });
    play(lab.world, 10_000);
    prepare(lab.world);
    lab.world.observe = (world) => {
      const { input, node } = world.record;
      if (node === 1 && input?.type === 'packet') times.set((input as unknown as { packet: Item }).packet.type, world.now);
    };
    for (let i = 0; i < 20; i++) {
      act(lab.world, () => undefined, 20_000 + i * 1000);
      say(lab.world, 0, `n${i}`);
      play(lab.world, lab.world.now);
    }
    play(lab.world, 100_000);
    return times;
  }

  test('of other messages stay when one is lost to a fault [R21]', () => {
    const all = arrivals(() => undefined);
    const one = arrivals((world) => addRule(world, { match: { packet: 'n7' }, action: 'drop', delayUs: 0, skip: 0, times: 1 }));
    expect(all.size).toBe(20);
    expect(new Set([...all].map(([, at]) => at % 1000)).size).toBeGreaterThan(3);
    all.delete('n7');
    expect([...one]).toEqual([...all]);
  });

  test('stay when another node dials, sends and dies [R21]', () => {
    const all = arrivals(() => undefined);
    const other = arrivals((world) => {
      tell(world, 2, { type: 'dial', to: 1 });
      play(world, world.now + 2000);
      say(world, 2, 'noise', 'more noise');
      play(world, world.now + 2000);
      act(world, () => kill(world, 2));
      tell(world, 1, { type: 'dial', to: 2 });
      play(world, world.now + 2000);
    });
    for (const name of ['noise', 'more noise']) other.delete(name);
    expect([...other]).toEqual([...all]);
  });

  test('of service times stay when an event is removed elsewhere [R21]', () => {
    const times = (noise: boolean): number[] => {
      const seen: number[] = [];
      const { world } = makeLab({ A: { T: () => undefined, U: () => undefined } }, { serviceTimes: [3, 5, 8, 13, 21, 34, 55] });
      play(world, 1000);
      world.observe = () => void (world.record.thread === threadId(1, 0) && seen.push(world.now));
      for (let i = 0; i < 30; i++) {
        const now = 10_000 + i * 1000;
        act(world, () => postItem(world, 0, threadId(1, 0), { type: 'a', zxid: i + 1 }), now);
        if (noise) act(world, () => postItem(world, 0, threadId(2, 0), { type: 'b' }), now);
        if (noise && i === 3) act(world, () => postItem(world, 0, threadId(1, 0), { type: 'once' }), now + 500);
        play(world, now + 900);
      }
      return seen;
    };
    const quiet = times(false);
    const noisy = times(true);
    expect(quiet).toHaveLength(30);
    expect(noisy).toHaveLength(31);
    for (const time of quiet) expect(noisy).toContain(time);
  });
});

describe('stateKey', () => {
  const threads: Threads = {
    T: (ctx, input) => {
      if (input.type === 'count') own(ctx.parts, ctx.memory)['n'] = Number(peek(ctx.parts, ctx.memory)['n'] ?? 0) + 1;
      ctx.thread.blockedOn = { on: 'queue', deadline: ctx.now + 5000 };
    },
    U: () => undefined,
  };

  test('is the same for two histories that differ only in timing', () => {
    const keyAt = (time: number, latencies: readonly number[]): string => {
      const lab = makePeers(['A', 'B'], { network: { latencies } });
      play(lab.world, 10);
      act(lab.world, () => undefined, time);
      tell(lab.world, 1, { type: 'dial', to: 0 });
      play(lab.world, time + 100_000);
      say(lab.world, 1, 'x');
      play(lab.world, lab.world.now);
      return stateKey(lab.world);
    };
    expect(keyAt(1000, [100])).toBe(keyAt(777_000, [250, 300]));
  });

  test('is the same when independent events came in another order', () => {
    const keyOf = (order: readonly number[]): string => {
      const lab = makePeers(['A', 'B', 'C', 'D'], { network: { latencies: [100] } });
      play(lab.world, 10);
      for (const node of order) {
        tell(lab.world, node, { type: 'dial', to: 0 });
        play(lab.world, lab.world.now + 20);
      }
      play(lab.world, lab.world.now + 20);
      return stateKey(lab.world);
    };
    expect(keyOf([1, 2, 3])).toBe(keyOf([3, 1, 2]));
  });

  test('tells apart memory, mail, what is in flight, faults and who waits for what', () => {
    const lab = makePeers(['A', 'B']);
    play(lab.world, 10);
    const keys = [stateKey(lab.world)];
    const add = (what: (world: World) => void): void => {
      const world = forkWorld(lab.world);
      what(world);
      keys.push(stateKey(world));
    };
    add((world) => tell(world, 1, { type: 'dial', to: 0 }));
    add((world) => act(world, () => kill(world, 0)));
    add((world) => act(world, () => setPaused(world, 0, true)));
    add((world) => void addRule(world, { match: {}, action: 'drop', delayUs: 0, skip: 0, times: 1 }));
    tell(lab.world, 1, { type: 'dial', to: 0 });
    play(lab.world, 10_000);
    add(() => undefined);
    say(lab.world, 1, 'x');
    add(() => undefined);
    play(lab.world, lab.world.now);
    add(() => undefined);
    play(lab.world, 20_000);
    const { world } = makeLab({ A: threads });
    play(world, 10);
    keys.push(stateKey(world));
    act(world, () => postItem(world, 0, threadId(1, 0), { type: 'count' }));
    keys.push(stateKey(world));
    play(world, 20);
    keys.push(stateKey(world));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('an item with fields of the names that the kernel uses counts in full', () => {
    const keyOf = (fields: object): string => {
      const { world } = makeLab({ A: { T: () => undefined } });
      play(world, 10);
      act(world, () => postItem(world, 0, threadId(1, 0), { type: 'plan', ...fields }));
      return stateKey(world);
    };
    for (const field of ['at', 'cause', 'n', 'sent', 'deadline', 'head', 'stream'])
      expect(keyOf({ [field]: 1 })).not.toBe(keyOf({ [field]: 2 }));
  });

  test('in coarse mode it says whose turn it is', () => {
    const keyOf = (order: readonly number[]): string => {
      const { world } = makeLab({ A: { T: () => undefined, U: () => undefined } }, { mode: 'coarse' });
      play(world, 10);
      for (const kind of order) act(world, () => postItem(world, 0, threadId(kind, 0), { type: 'a' }));
      return stateKey(world);
    };
    expect(keyOf([1, 2])).not.toBe(keyOf([2, 1]));
  });
});

describe('traceHash', () => {
  test('is the same for the same run, traced or not, forked or not, in one piece or many', () => {
    for (const mode of ['fine', 'coarse'] as const) {
      const whole = makeRing({ mode, nodes: 4, tokens: 9 });
      runUntil(whole, Infinity, 3000);
      const traced = makeRing({ mode, nodes: 4, tokens: 9, guard: true });
      traced.traced = true;
      runUntil(traced, Infinity, 1234);
      let fork = forkWorld(traced);
      while (fork.events < whole.events) {
        runUntil(fork, Infinity, 1);
        if (fork.events % 100 === 0) fork = forkWorld(fork);
      }
      expect(hashText(fork.hash)).toBe(hashText(whole.hash));
    }
  });

  test('differs by seed, by time, by an operand', () => {
    const hashOf = (seed: string, packet: string, time: number): string => {
      const lab = makePeers(['A', 'B'], { seed, network: { latencies: [100, 101, 102, 103, 104, 105, 106, 107] } });
      play(lab.world, 10);
      tell(lab.world, 1, { type: 'dial', to: 0 });
      play(lab.world, 10_000);
      act(lab.world, () => undefined, time);
      say(lab.world, 1, packet);
      play(lab.world, 100_000);
      return hashText(lab.world.hash);
    };
    const hashes = [hashOf('1', 'x', 20_000), hashOf('2', 'x', 20_000), hashOf('1', 'y', 20_000), hashOf('1', 'x', 20_001)];
    expect(new Set(hashes).size).toBe(4);
    expect(hashOf('1', 'x', 20_000)).toBe(hashes[0]);
  });
});
