import { describe, expect, test } from 'vitest';
import { own, peek } from '../../src/base/parts.ts';
import { threadId, type Item } from '../../src/base/step.ts';

import { kill, setPaused } from '../../src/kernel/node.ts';
import { runNext } from '../../src/kernel/run.ts';
import { interruptThread, postItem } from '../../src/kernel/thread.ts';
import { acceptScript, act, dialScript, idOf, makeLab, play, type Script, type Threads } from '../support/kernel-world.ts';

const quiet: Script = () => undefined;

function item(type: string): Item {
  return { type };
}

describe('waits', () => {
  test('a mailbox with a deadline gives an item before it and a timeout after', () => {
    const T: Script = (ctx) => {
      ctx.thread.blockedOn = { on: 'queue', deadline: ctx.now + 100 };
    };
    const lab = makeLab({ A: { T } });
    play(lab.world, 50);
    act(lab.world, () => postItem(lab.world, 0, threadId(1, 0), item('mail')), 60);
    play(lab.world, 200);
    expect(lab.log.slice(-3)).toEqual(['input act', 'A.T mail', 'A.T timeout']);
    expect(lab.world.now).toBe(160);
  });

  test('a sleeping thread leaves its mail alone', () => {
    const T: Script = (ctx, input) => {
      if (input.type === 'go') ctx.thread.blockedOn = { on: 'sleep', until: 1000 };
    };
    const lab = makeLab({ A: { T } });
    act(lab.world, () => undefined, 10);
    play(lab.world, 20);
    act(lab.world, () => postItem(lab.world, 0, threadId(1, 0), item('mail')));
    play(lab.world, 999);
    expect(lab.log.at(-1)).toBe('input act');
    play(lab.world, 1000);
    expect(lab.log.slice(-2)).toEqual(['A.T timeout', 'A.T mail']);
  });

  test('a signal wakes every thread that waits for the condition and no other', () => {
    const wait =
      (condition: string): Script =>
      (ctx, input) => {
        if (input.type === 'go') ctx.thread.blockedOn = { on: 'condition', condition, deadline: null };
      };
    const threads: Threads = {
      T: (ctx, input) => void (input.type === 'now' && ctx.effects.push({ type: 'signal', condition: 'c' })),
      U: wait('c'),
      V: wait('d'),
      W: wait('c'),
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 10);
    act(lab.world, () => postItem(lab.world, 0, threadId(1, 0), item('now')));
    play(lab.world, 100);
    expect(lab.log.slice(-3).sort()).toEqual(['A.T now> signal', 'A.U signalled', 'A.W signalled']);
  });

  test('a signal between the decision to wait and the wait is not lost', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type !== 'go') return;
        ctx.effects.push({ type: 'create', file: 'f' }, { type: 'fsync', files: ['f'] });
        ctx.thread.blockedOn = { on: 'condition', condition: 'c', deadline: null };
      },
      U: (ctx, input) => void (input.type === 'go' && ctx.effects.push({ type: 'signal', condition: 'c' })),
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 10_000);
    expect(lab.log.slice(-2)).toEqual(['A.disk > fsync', 'A.T signalled']);
    expect(lab.log.indexOf('A.U go> signal')).toBeLessThan(lab.log.indexOf('A.disk > fsync'));
  });

  test('a wake-up that came too late does not end the next wait', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type === 'go') {
          ctx.effects.push({ type: 'create', file: 'f' }, { type: 'fsync', files: ['f'] }, { type: 'continue', item: item('then') });
          ctx.thread.blockedOn = { on: 'condition', condition: 'c', deadline: null };
        } else if (input.type === 'then') {
          ctx.thread.blockedOn = { on: 'condition', condition: 'd', deadline: null };
        }
      },
      U: (ctx, input) => void (input.type === 'go' && ctx.effects.push({ type: 'signal', condition: 'c' })),
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 10_000);
    expect(lab.log.at(-1)).toBe('A.T then');
  });

  test('an interrupt ends any wait, also one for mail', () => {
    for (const block of [null, { on: 'condition', condition: 'c', deadline: null }, { on: 'sleep', until: 9999 }] as const) {
      const lab = makeLab({ A: { T: (ctx, input) => void (input.type === 'go' && (ctx.thread.blockedOn = block)) } });
      play(lab.world, 10);
      act(lab.world, () => interruptThread(lab.world, 0, threadId(1, 0)));
      play(lab.world, 100);
      expect(lab.log.at(-1)).toBe('A.T interrupted');
    }
  });

  test('an interrupt of a busy thread is told at its next wait, also when that begins after an fsync', () => {
    const threads: Threads = {
      T: (ctx, input) => void (input.type === 'go' && ctx.effects.push({ type: 'create', file: 'f' }, { type: 'fsync', files: ['f'] })),
      U: (ctx, input) => void (input.type === 'go' && ctx.effects.push({ type: 'interrupt', thread: idOf(threads, 'T') })),
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 10_000);
    expect(lab.log.slice(-2)).toEqual(['A.disk > fsync', 'A.T interrupted']);
  });

  test('an interrupt survives another wake-up that came first', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type === 'go' || input.type === 'signalled') ctx.thread.blockedOn = { on: 'condition', condition: 'c', deadline: null };
      },
      U: (ctx, input) => {
        if (input.type !== 'now') return;
        ctx.effects.push({ type: 'signal', condition: 'c' }, { type: 'interrupt', thread: idOf(threads, 'T') });
      },
    };
    const lab = makeLab({ A: threads }, { serviceTimes: [10, 20, 30] });
    play(lab.world, 1000);
    act(lab.world, () => {
      setPaused(lab.world, 0, true);
      setPaused(lab.world, 0, false);
      postItem(lab.world, 0, idOf(threads, 'U'), item('now'));
    });
    play(lab.world, 2000);
    expect(lab.log.filter((line) => line.startsWith('A.T')).slice(-2)).toEqual(['A.T signalled', 'A.T interrupted']);
  });

  test('an fsync blocks its thread and no other', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type !== 'go') return;
        ctx.effects.push({ type: 'create', file: 'f' }, { type: 'fsync', files: ['f'] }, { type: 'create', file: 'after' });
      },
      U: quiet,
    };
    const lab = makeLab({ A: threads });
    play(lab.world, 500);
    act(lab.world, () => {
      postItem(lab.world, 0, threadId(1, 0), item('mail'));
      postItem(lab.world, 0, threadId(2, 0), item('mail'));
    });
    play(lab.world, 10_000);
    expect(lab.log.slice(-4)).toEqual(['A.U mail', 'A.disk > fsync', 'A.T > create', 'A.T mail']);
    expect(lab.world.now).toBe(1000);
  });

  test('a connection is accepted from the backlog, where it waits however long', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type === 'go') ctx.effects.push({ type: 'listen', port: 'p' });
        if (input.type === 'now') ctx.thread.blockedOn = { on: 'accept', port: 'p' };
      },
    };
    const lab = makeLab({ A: threads, B: { D: dialScript(0, 'p', quiet) } });
    play(lab.world, 5000);
    expect(lab.log.at(-1)).toBe('B.D connected');
    act(lab.world, () => postItem(lab.world, 0, threadId(1, 0), item('now')));
    play(lab.world, 9000);
    expect(lab.log.slice(-2)).toEqual(['A.T now', 'A.T accepted']);
  });

  test('unlisten resets what waits in the backlog', () => {
    const threads: Threads = {
      T: (ctx, input) => {
        if (input.type === 'go') ctx.effects.push({ type: 'listen', port: 'p' });
        if (input.type === 'now') ctx.effects.push({ type: 'unlisten', port: 'p' });
      },
    };
    const D = dialScript(0, 'p', (ctx, { type, link = -1 }) => {
      if (type === 'connected') ctx.thread.blockedOn = { on: 'read', link, deadline: null };
    });
    const lab = makeLab({ A: threads, B: { D } });
    play(lab.world, 5000);
    act(lab.world, () => postItem(lab.world, 0, threadId(1, 0), item('now')));
    play(lab.world, 5200);
    expect(lab.log.slice(-2)).toEqual(['A.T now> unlisten', 'B.D closed eof']);
  });

  test('a port that is listened on is in use', () => {
    const T: Script = (ctx, input) =>
      void (input.type === 'go' && ctx.effects.push({ type: 'listen', port: 'p' }, { type: 'listen', port: 'p' }));
    const lab = makeLab({ A: { T } });
    play(lab.world, 100);
    expect(lab.log.at(-1)).toBe('A.T failed io');
  });

  test('a read with a deadline times out and leaves the connection as it is', () => {
    const D = dialScript(0, 'p', (ctx, { type, link = 0 }) => {
      const memory = own(ctx.parts, ctx.memory);
      if (type === 'connected') memory['link'] = link;
      ctx.thread.blockedOn = { on: 'read', link: Number(memory['link']), deadline: ctx.now + 300 };
    });
    const A = acceptScript('p', (ctx, { type, link = -1 }) => {
      if (type === 'accepted')
        ctx.effects.push({ type: 'create', file: 'f' }, { type: 'fsync', files: ['f'] }, { type: 'send', link, packet: item('late') });
    });
    const lab = makeLab({ A: { A }, B: { D } });
    play(lab.world, 1300);
    expect(lab.log.filter((line) => line.startsWith('B.D'))).toEqual([
      'B.D go> connect',
      'B.D connected',
      'B.D timeout',
      'B.D timeout',
      'B.D timeout',
      'B.D packet late',
    ]);
  });

  test('a connect whose deadline comes first gives up the attempt', () => {
    const D: Script = (ctx, input) => {
      if (input.type !== 'go') return;
      ctx.effects.push({ type: 'connect', to: 0, port: 'p' });
      ctx.thread.blockedOn = { on: 'connect', deadline: 150 };
    };
    const lab = makeLab({ A: { A: acceptScript('p', quiet) }, B: { D } });
    play(lab.world, 10_000);
    expect(lab.log.filter((line) => line.startsWith('B.D'))).toEqual(['B.D go> connect', 'B.D timeout']);
    expect(lab.log.slice(-1)).toEqual(['A.A closed eof']);
    expect(peek(lab.world.parts, lab.world.links).slots.size).toBe(1);
  });

  test('a dialler that ends before the answer leaves nothing behind', () => {
    const D: Script = (ctx) => {
      ctx.effects.push({ type: 'connect', to: 0, port: 'p' });
      ctx.thread.ending = true;
    };
    const lab = makeLab({ A: { A: quiet }, B: { D } });
    play(lab.world, 10_000);
    expect(peek(lab.world.parts, lab.world.links).slots.size).toBe(0);
  });

  test('a paused process does nothing until it is resumed, then its deadlines have passed', () => {
    const T: Script = (ctx, input) => {
      if (input.type === 'go') ctx.thread.blockedOn = { on: 'queue', deadline: 100 };
    };
    const lab = makeLab({ A: { T } });
    act(lab.world, () => setPaused(lab.world, 0, true), 10);
    play(lab.world, 10_000);
    act(lab.world, () => setPaused(lab.world, 0, false), 10_000);
    play(lab.world, 20_000);
    expect(lab.log.slice(-1)).toEqual(['A.T timeout']);
    expect(lab.world.now).toBe(10_000);
  });

  test('a killed process takes its threads, mail and deadlines with it', () => {
    const T: Script = (ctx) => {
      ctx.thread.blockedOn = { on: 'queue', deadline: 100 };
    };
    const lab = makeLab({ A: { T } });
    play(lab.world, 50);
    act(lab.world, () => kill(lab.world, 0));
    expect(runNext(lab.world)).toBe(false);
  });
});
