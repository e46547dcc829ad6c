import { describe, expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { contextOf } from '../../src/kernel/context.ts';
import { threadId, type Effect, type Item } from '../../src/base/step.ts';
import { setDiskFaults, tearTail, type PowerLoss } from '../../src/kernel/disk.ts';
import { HEALTHY } from '../../src/kernel/disk-state.ts';
import { boot, kill, powerLoss } from '../../src/kernel/node.ts';
import { postItem } from '../../src/kernel/thread.ts';
import { forkWorld, type World } from '../../src/kernel/world.ts';
import { act, makeLab, play, type Lab, type LabOptions } from '../support/kernel-world.ts';

interface EffectsItem extends Item {
  readonly effects: readonly Effect[];
}

/** A thread that performs what it is told. */
function makeDisk(options: LabOptions = {}): Lab {
  const perform = (ctx: { effects: Effect[] }, input: Item): void => {
    if (input.type === 'perform') ctx.effects.push(...(input as EffectsItem).effects);
  };
  const lab = makeLab({ A: { T: perform, U: perform } }, options);
  play(lab.world, 0);
  return lab;
}

function perform(world: World, thread: 'T' | 'U', ...effects: readonly Effect[]): void {
  const item: EffectsItem = { type: 'perform', effects };
  act(world, () => postItem(world, 0, threadId(thread === 'T' ? 1 : 2, 0), item));
}

function append(file: string, name: string): Effect {
  return { type: 'append', file, record: { type: name }, bytes: name.length };
}

/** What a process reads: names and records of every file, `-` for one that cannot be read. */
function content(world: World): Record<string, string> {
  const { disk } = contextOf(world, world.nodes[0]!);
  const textOf = (file: string): string =>
    Array.from({ length: disk.records(file) }, (_, i) => disk.record(file, i)?.type ?? '-').join(' ');
  return Object.fromEntries(disk.names().map((file) => [file, textOf(file)]));
}

function lose(world: World, keep: PowerLoss['keep'], torn = false): void {
  act(world, () => powerLoss(world, 0, { keep, torn }));
}

const CREATE: Effect = { type: 'create', file: 'log' };
const SYNC: Effect = { type: 'fsync', files: ['log'] };

describe('files', () => {
  test('hold what was appended, whether it is synced or not', () => {
    const { world } = makeDisk();
    perform(world, 'T', CREATE, append('log', 'a'), append('log', 'bcd'));
    play(world, 10);
    expect(content(world)).toEqual({ log: 'a bcd' });
    expect(contextOf(world, world.nodes[0]!).disk.bytes('log')).toBe(4);
    expect(contextOf(world, world.nodes[0]!).disk.exists('other')).toBe(false);
    expect(contextOf(world, world.nodes[0]!).disk.record('log', 2)).toBeNull();
  });

  test('are emptied by create, replaced by rename, cut by truncate and gone after delete', () => {
    const { world } = makeDisk();
    perform(world, 'T', CREATE, append('log', 'a'), CREATE);
    play(world, 10);
    expect(content(world)).toEqual({ log: '' });
    const rename: Effect = { type: 'rename', from: 'new', to: 'log' };
    perform(world, 'T', append('log', 'old'), { type: 'create', file: 'new' }, append('new', 'x'), append('new', 'y'), rename);
    play(world, 20);
    expect(content(world)).toEqual({ log: 'x y' });
    perform(world, 'T', { type: 'truncate', file: 'log', records: 1 });
    play(world, 30);
    expect(content(world)).toEqual({ log: 'x' });
    perform(world, 'T', { type: 'delete', file: 'log' });
    play(world, 40);
    expect(content(world)).toEqual({});
  });

  test('of many chunks keep their records, sizes and bytes through truncations', () => {
    const { world } = makeDisk();
    perform(world, 'T', CREATE, ...Array.from({ length: 200 }, (_, i) => append('log', `r${i}`)));
    play(world, 10);
    const fork = forkWorld(world);
    for (const records of [199, 130, 128, 127, 64, 1]) {
      perform(fork, 'T', { type: 'truncate', file: 'log', records }, append('log', 'end'));
      play(fork, fork.now + 10);
      const names = Array.from({ length: records }, (_, i) => `r${i}`);
      expect(content(fork)).toEqual({ log: [...names, 'end'].join(' ') });
      expect(contextOf(fork, fork.nodes[0]!).disk.bytes('log')).toBe([...names, 'end'].join('').length);
      perform(fork, 'T', { type: 'truncate', file: 'log', records });
      play(fork, fork.now + 10);
    }
    expect(contextOf(world, world.nodes[0]!).disk.records('log')).toBe(200);
  });

  test('survive a kill whole: the page cache is the machine’s [R1]', () => {
    const { world } = makeDisk();
    perform(world, 'T', CREATE, append('log', 'a'), append('log', 'b'));
    play(world, 10);
    act(world, () => kill(world, 0));
    act(world, () => boot(world, 0));
    expect(content(world)).toEqual({ log: 'a b' });
  });
});

describe('a power loss [R1, R2]', () => {
  function written(): Lab {
    const lab = makeDisk();
    const other: Effect = { type: 'create', file: 'other' };
    perform(
      lab.world,
      'T',
      CREATE,
      append('log', 'a'),
      SYNC,
      append('log', 'b'),
      append('log', 'c'),
      append('log', 'd'),
      other,
      append('other', 'x'),
    );
    play(lab.world, 10_000);
    return lab;
  }

  test('takes what was not synced', () => {
    const { world } = written();
    lose(world, 'none');
    expect(content(world)).toEqual({ log: 'a' });
  });

  test('may take nothing', () => {
    const { world } = written();
    lose(world, 'all');
    expect(content(world)).toEqual({ log: 'a b c d', other: 'x' });
  });

  test('keeps any subset of the files and a prefix of each', () => {
    const kept = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      const lab = makeDisk({ seed: String(seed) });
      perform(
        lab.world,
        'T',
        CREATE,
        append('log', 'a'),
        SYNC,
        append('log', 'b'),
        append('log', 'c'),
        { type: 'create', file: 'other' },
        append('other', 'x'),
      );
      play(lab.world, 10_000);
      lose(lab.world, 'drawn');
      kept.add(JSON.stringify(content(lab.world)));
    }
    const logs = ['a', 'a b', 'a b c'];
    const expected = logs.flatMap((log) => [JSON.stringify({ log }), JSON.stringify({ log, other: 'x' })]);
    expect([...kept].sort()).toEqual(expected.sort());
  });

  test('keeps of each file as many records as it is told', () => {
    const { world } = written();
    lose(world, new Map([['log', 2]]));
    expect(content(world)).toEqual({ log: 'a b c' });
  });

  test('leaves a torn record behind the prefix; what is appended later does not make it whole', () => {
    const { world } = written();
    lose(world, new Map([['log', 1]]), true);
    expect(content(world)).toEqual({ log: 'a b -', other: '-' });
    act(world, () => boot(world, 0));
    play(world, world.now + 10);
    perform(world, 'T', append('log', 'new'), SYNC);
    play(world, world.now + 10_000);
    expect(content(world)['log']).toBe('a b - new');
    lose(world, 'none');
    expect(content(world)['log']).toBe('a b - new');
  });

  test('makes durable what it left: a second one takes nothing of it', () => {
    const { world } = written();
    lose(world, 'all');
    act(world, () => boot(world, 0));
    lose(world, 'none');
    expect(content(world)).toEqual({ log: 'a b c d', other: 'x' });
  });

  test('of a dead process takes its unsynced files too', () => {
    const { world } = written();
    act(world, () => kill(world, 0));
    lose(world, 'none');
    expect(content(world)).toEqual({ log: 'a' });
  });

  test('a file that was renamed without an fsync of its content is lost with it, and what it replaced is gone', () => {
    const { world } = makeDisk();
    const tmp: Effect = { type: 'create', file: 'tmp' };
    const rename: Effect = { type: 'rename', from: 'tmp', to: 'log' };
    perform(world, 'T', CREATE, append('log', 'old'), SYNC, tmp, append('tmp', 'new'), rename);
    play(world, 10_000);
    lose(world, 'none');
    expect(content(world)).toEqual({});
  });

  test('a file that was synced before it was renamed is there under its new name', () => {
    const { world } = makeDisk();
    const tmp: Effect = { type: 'create', file: 'tmp' };
    perform(world, 'T', CREATE, append('log', 'old'), SYNC, tmp, append('tmp', 'new'), { type: 'fsync', files: ['tmp'] });
    perform(world, 'T', { type: 'rename', from: 'tmp', to: 'log' });
    play(world, 10_000);
    lose(world, 'none');
    expect(content(world)).toEqual({ log: 'new' });
  });

  test('draws anew each time, and by the name of the file: one file more shifts no other', () => {
    const keptOf = (files: readonly string[]): string | undefined => {
      const { world } = makeDisk({ seed: '7' });
      for (const file of files)
        perform(world, 'T', { type: 'create', file }, ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => append(file, name)));
      play(world, 10);
      lose(world, 'drawn');
      return content(world)['log'];
    };
    expect(keptOf(['log', 'a', 'b'])).toBe(keptOf(['log']));
  });
});

describe('an fsync', () => {
  test('covers what was there when it began', () => {
    const { world } = makeDisk({ fsyncTimes: [1000] });
    perform(world, 'T', CREATE, append('log', 'a'), SYNC);
    play(world, 500);
    perform(world, 'U', append('log', 'b'));
    play(world, 2000);
    lose(world, 'none');
    expect(content(world)).toEqual({ log: 'a' });
  });

  test('follows the file through a rename, and says nothing of another one of the name', () => {
    const { world } = makeDisk({ fsyncTimes: [1000] });
    perform(world, 'T', CREATE, append('log', 'a'), SYNC);
    play(world, 500);
    perform(world, 'U', { type: 'rename', from: 'log', to: 'old' }, CREATE, append('log', 'b'));
    play(world, 2000);
    lose(world, 'none');
    expect(content(world)).toEqual({ old: 'a' });
  });

  test('says nothing of what is written in the place of truncated records', () => {
    const { world } = makeDisk({ fsyncTimes: [1000] });
    perform(world, 'T', CREATE, append('log', 'a'), append('log', 'b'), SYNC);
    play(world, 500);
    perform(world, 'U', { type: 'truncate', file: 'log', records: 1 }, append('log', 'c'));
    play(world, 2000);
    lose(world, 'none');
    expect(content(world)).toEqual({ log: 'a' });
  });

  test('takes a time of its own for each server, and longer on a slow disk', () => {
    const slow = makeDisk({ fsyncTimes: [700] });
    act(slow.world, () => setDiskFaults(slow.world, slow.world.nodes[0]!, { slow: 10 }));
    perform(slow.world, 'T', CREATE, SYNC);
    play(slow.world, SECOND);
    expect(slow.log.at(-1)).toBe('A.disk > fsync');
    expect(slow.world.now).toBe(7000);
  });

  test('on a lying disk returns and makes nothing durable', () => {
    const { world, log } = makeDisk();
    act(world, () => setDiskFaults(world, world.nodes[0]!, { lying: true }));
    perform(world, 'T', CREATE, append('log', 'a'), SYNC, append('log', 'b'));
    play(world, 10_000);
    expect(log.at(-1)).toBe('A.T > append b');
    lose(world, 'none');
    expect(content(world)).toEqual({});
  });

  test('that is under way when the process dies makes nothing durable', () => {
    const { world } = makeDisk();
    perform(world, 'T', CREATE, append('log', 'a'), SYNC);
    play(world, 500);
    act(world, () => kill(world, 0));
    play(world, 10_000);
    lose(world, 'none');
    expect(content(world)).toEqual({});
  });

  test('of two threads: the one that is done first goes on first', () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const { world, log } = makeDisk({ seed: String(seed), fsyncTimes: [500, 1000, 1500] });
      perform(world, 'T', CREATE, SYNC, { type: 'create', file: 't' });
      perform(world, 'U', { type: 'create', file: 'other' }, { type: 'fsync', files: ['other'] }, { type: 'create', file: 'u' });
      play(world, 10_000);
      orders.add(
        log
          .filter((line) => /> create/.test(line))
          .slice(-2)
          .join(),
      );
    }
    expect(orders.size).toBe(2);
  });
});

const SECOND = 1_000_000;

describe('a failing disk', () => {
  test('fails the operation that it is told to, so often, and then works', () => {
    for (const op of ['append', 'fsync', 'create', 'rename', 'truncate', 'delete'] as const) {
      const { world, log } = makeDisk();
      perform(world, 'T', CREATE, append('log', 'a'));
      play(world, 10);
      act(world, () => setDiskFaults(world, world.nodes[0]!, { failing: { op, times: 2 } }));
      const effects: Record<typeof op, Effect> = {
        append: append('log', 'b'),
        fsync: SYNC,
        create: CREATE,
        rename: { type: 'rename', from: 'log', to: 'other' },
        truncate: { type: 'truncate', file: 'log', records: 0 },
        delete: { type: 'delete', file: 'log' },
      };
      for (let i = 0; i < 3; i++) perform(world, 'T', effects[op]);
      play(world, 10_000);
      expect(log.filter((line) => line === 'A.T failed io')).toHaveLength(2);
    }
  });

  test('that is full takes no more records, and takes them again when there is room', () => {
    const { world, log } = makeDisk();
    perform(world, 'T', CREATE, append('log', 'a'));
    play(world, 10);
    act(world, () => setDiskFaults(world, world.nodes[0]!, { full: true }));
    perform(world, 'T', append('log', 'b'));
    play(world, 20);
    expect(log.at(-1)).toBe('A.T failed full');
    act(world, () => setDiskFaults(world, world.nodes[0]!, HEALTHY));
    perform(world, 'T', append('log', 'c'));
    play(world, 30);
    expect(content(world)).toEqual({ log: 'a c' });
  });

  test('that tears the tail of a file makes its last record unreadable', () => {
    const { world } = makeDisk();
    perform(world, 'T', CREATE, append('log', 'a'), append('log', 'b'));
    play(world, 10);
    act(world, () => expect(tearTail(world, world.nodes[0]!, 'log')).toBe(true));
    expect(tearTail(world, world.nodes[0]!, 'missing')).toBe(false);
    expect(content(world)).toEqual({ log: 'a -' });
    expect(peek(world.parts, world.nodes[0]!.disk).files.size).toBe(1);
  });
});
