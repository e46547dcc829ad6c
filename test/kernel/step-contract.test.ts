import { describe, expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import { threadId, type Effect, type Item } from '../../src/base/step.ts';
import { setDiskFaults } from '../../src/kernel/disk.ts';
import { runNext } from '../../src/kernel/run.ts';
import { postItem } from '../../src/kernel/thread.ts';
import { act, idOf, makeLab, play, type Lab, type Script, type Threads } from '../support/kernel-world.ts';

const quiet: Script = () => undefined;

/** The log of a node's threads apart from the start of the process. */
function threadLog({ log }: Lab): string[] {
  return log.filter((line) => !line.startsWith('input') && !line.includes('Main') && !line.endsWith(' go'));
}

function item(type: string): Item {
  return { type };
}

describe('effects', () => {
  test('one event performs one effect, in the order pushed', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type !== 'go') return;
        const to = idOf(threads, 'U');
        for (const type of ['a', 'b', 'c']) ctx.effects.push({ type: 'enqueue', to, item: item(type) });
      },
      U: quiet,
    };
    const lab = makeLab({ A: threads }, { serviceTimes: [10] });
    play(lab.world, 1000);
    expect(lab.log.filter((line) => line.startsWith('A.T'))).toEqual(['A.T go> enqueue a', 'A.T > enqueue b', 'A.T > enqueue c']);
  });

  test('another thread can run between two effects of one step', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type !== 'go') return;
        const to = idOf(threads, 'U');
        ctx.effects.push({ type: 'enqueue', to, item: item('a') }, { type: 'enqueue', to, item: item('b') });
      },
      U: quiet,
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 1000);
    expect(lab.log.slice(-4)).toEqual(expect.arrayContaining(['A.U a', 'A.U b']));
    expect(lab.log.indexOf('A.U a')).toBeLessThan(lab.log.indexOf('A.U b'));
  });

  test('memory written in a step is written in its first event, what follows a continue only there', () => {
    const seen: string[] = [];
    const threads: Threads = {
      T: (ctx, input) => {
        const memory = own(ctx.parts, ctx.memory);
        if (input.type === 'go') {
          memory['first'] = 1;
          ctx.effects.push({ type: 'create', file: 'f' }, { type: 'create', file: 'g' }, { type: 'continue', item: item('then') });
        } else if (input.type === 'then') {
          memory['second'] = 1;
        }
      },
    };
    const { world } = makeLab({ A: threads });
    world.observe = () => {
      const memory = peek(world.parts, world.nodes[0]?.memory as number) as object;
      const files = [...peek(world.parts, world.nodes[0]!.disk).files.keys()];
      seen.push([...Object.keys(memory), ...files].join(' '));
    };
    play(world, 1000);
    expect(seen).toEqual(['', 'first f', 'first f g', 'first second f g']);
  });

  test('an atomic effect is one event, whatever it holds', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type !== 'go') return;
        const effects: Effect[] = [
          { type: 'enqueue', to: idOf(threads, 'U'), item: item('a') },
          { type: 'signal', condition: 'c' },
          { type: 'enqueue', to: idOf(threads, 'U'), item: item('b') },
        ];
        ctx.effects.push({ type: 'atomic', effects });
      },
      U: quiet,
      V: (ctx, input) => {
        if (input.type === 'go') ctx.thread.blockedOn = { on: 'condition', condition: 'c', deadline: null };
      },
    };
    const lab = makeLab({ A: threads }, { asleep: false });
    play(lab.world, 1000);
    expect(lab.log.filter((line) => line.startsWith('A.T'))).toEqual(['A.T go> atomic']);
    expect(lab.log.filter((line) => /A\.U [ab]/.test(line))).toEqual(['A.U a', 'A.U b']);
  });

  test('an atomic effect holds nothing but enqueues and signals', () => {
    const lab = makeLab({ A: { T: (ctx) => ctx.effects.push({ type: 'atomic', effects: [{ type: 'create', file: 'f' }] }) } });
    expect(() => play(lab.world, 1000)).toThrow('create inside an atomic effect');
  });

  test('a continue is the next step of the thread itself, before anything in its mailbox', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type !== 'go') return;
        const effects: Effect[] = [
          { type: 'enqueue', to: ctx.thread.id, item: item('mail') },
          { type: 'continue', item: item('own') },
        ];
        ctx.effects.push(...effects);
      },
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 1000);
    expect(lab.log.slice(-3)).toEqual(['A.T go> enqueue mail', 'A.T own', 'A.T mail']);
  });

  test('a failed effect drops the rest of the todo, and the step is told which and why', () => {
    const told: unknown[] = [];
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type === 'go') {
          ctx.effects.push(
            { type: 'create', file: 'f' },
            { type: 'append', file: 'missing', record: item('r'), bytes: 1 },
            { type: 'create', file: 'g' },
          );
        } else {
          told.push(input);
        }
      },
    };
    const { world } = makeLab({ A: threads });
    play(world, 1000);
    expect(told).toEqual([{ type: 'failed', error: 'io', effect: { type: 'append', file: 'missing', record: { type: 'r' }, bytes: 1 } }]);
    expect([...peek(world.parts, world.nodes[0]!.disk).files.keys()]).toEqual(['f']);
  });

  test('a full disk fails appends and creates with its own error', () => {
    const lab = makeLab({ A: { T: (ctx, input) => void (input.type === 'write' && ctx.effects.push({ type: 'create', file: 'f' })) } });
    play(lab.world, 10);
    act(lab.world, () => {
      setDiskFaults(lab.world, lab.world.nodes[0]!, { full: true });
      postItem(lab.world, 0, threadId(1, 0), item('write'));
    });
    play(lab.world, 100);
    expect(lab.log.slice(-2)).toEqual(['A.T write> create', 'A.T failed full']);
  });

  test('an item for a thread that is not there is dropped', () => {
    const lab = makeLab({
      A: { T: (ctx, input) => void (input.type === 'go' && ctx.effects.push({ type: 'enqueue', to: threadId(9, 9), item: item('x') })) },
    });
    play(lab.world, 1000);
    expect(threadLog(lab)).toEqual(['A.T go> enqueue x']);
  });

  test('exit ends the process as kill does, in the midst of the todo', () => {
    const threads: Threads = {
      T: (ctx) => ctx.effects.push({ type: 'create', file: 'f' }, { type: 'exit', reason: 'why' }, { type: 'create', file: 'g' }),
      U: quiet,
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 1000);
    expect(lab.log.at(-1)).toBe('A.T > exit');
    const node = peek(lab.world.parts, lab.world.nodes[0]!.part);
    expect([node.power, node.threads.size]).toEqual(['down', 0]);
    expect([...peek(lab.world.parts, lab.world.nodes[0]!.disk).files.keys()]).toEqual(['f']);
  });

  test('exit as the first effect of a step touches nothing of the dead process', () => {
    const lab = makeLab({ A: { T: (ctx) => ctx.effects.push({ type: 'exit', reason: 'why' }, { type: 'create', file: 'g' }) } });
    play(lab.world, 1000);
    expect(lab.log.at(-1)).toBe('A.T go> exit');
    expect(runNext(lab.world)).toBe(false);
  });
});

describe('threads', () => {
  test('start gives a thread its first input; a living one gets it as an item', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type !== 'go') return;
        const thread = idOf(threads, 'U?');
        ctx.effects.push({ type: 'start', thread, item: item('one') }, { type: 'start', thread, item: item('two') });
      },
      'U?': quiet,
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 1000);
    expect(lab.log.filter((line) => line.startsWith('A.U'))).toEqual(['A.U one', 'A.U two']);
  });

  test('a thread that ends performs its todo first, and what lies in its mailbox is lost', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type !== 'go') return;
        ctx.effects.push(
          { type: 'enqueue', to: ctx.thread.id, item: item('lost') },
          { type: 'create', file: 'f' },
          { type: 'create', file: 'g' },
        );
        ctx.thread.ending = true;
      },
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 1000);
    expect(lab.log.slice(-3)).toEqual(['A.T go> enqueue lost', 'A.T > create', 'A.T > create']);
    expect(peek(lab.world.parts, lab.world.nodes[0]!.part).threads.size).toBe(0);
  });

  test('a thread whose last effect is an fsync ends when the disk is done', () => {
    const threads: Threads = {
      T: (ctx) => {
        ctx.effects.push({ type: 'create', file: 'f' }, { type: 'fsync', files: ['f'] });
        ctx.thread.ending = true;
      },
      U: (ctx, input) => {
        if (input.type === 'go') ctx.thread.blockedOn = { on: 'end', thread: idOf(threads, 'T'), deadline: null };
      },
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 10_000);
    expect(lab.log.slice(-2)).toEqual(['A.disk > fsync', 'A.U ended']);
    expect(peek(lab.world.parts, lab.world.nodes[0]!.part).threads.size).toBe(1);
  });

  test('an ending thread whose last effect fails is told, and may live on', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type === 'go') {
          ctx.effects.push({ type: 'append', file: 'missing', record: item('r'), bytes: 1 });
          ctx.thread.ending = true;
        } else if (input.type === 'failed') {
          ctx.thread.ending = false;
        }
      },
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 1000);
    expect(lab.log.slice(-2)).toEqual(['A.T go> append r', 'A.T failed io']);
    expect(peek(lab.world.parts, lab.world.nodes[0]!.part).threads.size).toBe(1);
  });

  test('a join returns when the thread ends, and at once when it has ended', () => {
    const threads: Threads = {
      T: (ctx, input) => void (input.type === 'end' && (ctx.thread.ending = true)),
      U: (ctx, input) => {
        if (input.type === 'go' || input.type === 'again') ctx.thread.blockedOn = { on: 'end', thread: idOf(threads, 'T'), deadline: null };
      },
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 100);
    act(lab.world, () => postItem(lab.world, 0, idOf(threads, 'T'), item('end')));
    play(lab.world, 200);
    act(lab.world, () => postItem(lab.world, 0, idOf(threads, 'U'), item('again')));
    play(lab.world, 300);
    expect(lab.log.slice(-6)).toEqual(['input act', 'A.T end', 'A.U ended', 'input act', 'A.U again', 'A.U ended']);
  });

  test('a join with a deadline times out', () => {
    const threads: Threads = {
      T: quiet,
      U: (ctx, input) => {
        if (input.type === 'go') ctx.thread.blockedOn = { on: 'end', thread: idOf(threads, 'T'), deadline: 500 };
      },
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 499);
    expect(lab.log.at(-1)).toBe('A.U go');
    play(lab.world, 500);
    expect(lab.log.at(-1)).toBe('A.U timeout');
  });

  test('what a thread waits for is forgotten before each step', () => {
    const seen: unknown[] = [];
    const T: Script = (ctx, input) => {
      seen.push(ctx.thread.blockedOn);
      if (input.type === 'go') ctx.thread.blockedOn = { on: 'sleep', until: 50 };
    };
    const lab = makeLab({ A: { T } });
    play(lab.world, 100);
    expect(seen).toEqual([null, null]);
    expect(lab.log.at(-1)).toBe('A.T timeout');
  });
});
