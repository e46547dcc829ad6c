/**
 * The moves of a run in episodes: each bug of replication needs a few epochs, so runs are made of phrases such as "a write that only the
 * leader has, then its death" and "a follower that comes back and dies while it is synchronised". Phrases are shared by everything that is
 * hunted; which of them a run uses, how often, and every moment and place in them is drawn.
 */
import { unreachable } from '../base/assert.ts';
import { pickFrom, type Below } from './plan.ts';

/** Whom a move is about, settled when it is made. `touched` is the server that the last such move was about. */
export type Role = 'leader' | 'follower' | 'touched' | 'down' | 'up' | 'any';

/** What a crash waits for: the kinds of effect just after which ZooKeeper's history is open. */
export const PROGRESS = ['write', 'append', 'rename', 'sync', 'send', 'any'] as const;
export type Progress = (typeof PROGRESS)[number];

export type Disturbance =
  | { readonly type: 'kill' | 'stop' | 'pause' | 'resume' | 'start' | 'isolate' | 'break' | 'kill-others' }
  | { readonly type: 'power-loss'; readonly keep: 'none' | 'drawn' | 'all' }
  | { readonly type: 'disk'; readonly what: 'failing' | 'full' | 'slow' | 'healthy'; readonly draw: number }
  /** The thread of the kind at that place of `STALLED` has less than the others to say for a while. */
  | { readonly type: 'stall'; readonly thread: number; readonly forUs: number }
  | { readonly type: 'delay'; readonly towards: Role; readonly byUs: number; readonly skip: number };

export type Move =
  | { readonly type: 'wait'; readonly us: number }
  | { readonly type: 'until'; readonly what: 'led' | 'joined' | 'synchronising'; readonly withinUs: number }
  /** An operation of a client, by the number of the draw that makes it. */
  | { readonly type: 'operate'; readonly kind: 'write' | 'read' | 'service'; readonly near: Role | null }
  | { readonly type: 'client'; readonly what: 'move' | 'disconnect' | 'kill' | 'start'; readonly to: Role }
  | { readonly type: 'do'; readonly role: Role; readonly what: Disturbance }
  /** The same just after one of its next effects of that kind: on average the `oneIn`th. */
  | { readonly type: 'after'; readonly role: Role; readonly progress: Progress; readonly oneIn: number; readonly what: Disturbance }
  | { readonly type: 'start-all' }
  | { readonly type: 'kill-all'; readonly power: boolean }
  /** A majority that the draw picks goes on, the others are ended: what one quorum knew, another one may have to know. */
  | { readonly type: 'quorum' }
  | { readonly type: 'heal' }
  | { readonly type: 'calm' };

export const PHRASES = [
  'writes',
  'reads',
  'crash-at-work',
  'crash-in-sync',
  'break-in-sync',
  'alone',
  're-elect',
  'lag',
  'pause',
  'stall',
  'delay',
  'power',
  'disk',
  'clients',
  'restart-all',
  'snapshots',
  'quorum',
] as const;
export type Phrase = (typeof PHRASES)[number];

const MOMENTS = [0, 300, 1500, 6000, 30_000, 200_000] as const;
const STALLS = [2000, 10_000, 60_000, 300_000, 1_500_000] as const;

export function movesOf(phrase: Phrase, below: Below): Move[] {
  const pick = <T>(list: readonly T[]): T => pickFrom(below, list);
  const moment = (): Move => ({ type: 'wait', us: pick(MOMENTS) });
  const writes = (most: number, near: Role | null = null): Move[] =>
    Array.from({ length: 1 + below(most) }, () => [{ type: 'operate', kind: 'write', near } as const, moment()]).flat();
  const crash = (): Disturbance => (below(4) === 0 ? { type: 'power-loss', keep: pick(['none', 'drawn']) } : { type: 'kill' });
  const comeback = (): Move[] => (below(2) === 0 ? [moment(), { type: 'do', role: 'touched', what: { type: 'start' } }] : []);
  const start: Move = { type: 'do', role: 'down', what: { type: 'start' } };
  const after = (role: Role, what: Disturbance, progress = pick(PROGRESS)): Move => ({
    type: 'after',
    role,
    progress,
    oneIn: pick([1, 2, 4, 8]),
    what,
  });
  const settle = (): Move => settleDrawn(below);
  switch (phrase) {
    case 'writes':
      return writes(4);
    case 'reads':
      return [{ type: 'operate', kind: pick(['read', 'service'] as const), near: pick(['any', 'follower', 'touched']) }, moment()];
    case 'crash-at-work':
      return [...writes(3), after(pick(['leader', 'follower', 'any']), crash()), ...comeback()];
    case 'crash-in-sync':
      return [start, after(pick(['touched', 'touched', 'leader']), crash()), ...comeback()];
    case 'break-in-sync':
      return [start, ...writes(2), after('touched', { type: 'break' }), settle(), ...writes(1)];
    case 'alone':
      return aloneMoves(below, writes, crash);
    case 're-elect':
      return [{ type: 'do', role: 'leader', what: { type: 'kill' } }, ...comeback(), settle(), ...writes(1)];
    case 'lag':
      return [{ type: 'do', role: pick(['follower', 'any']), what: crash() }, ...writes(4), moment(), start, ...writes(1)];
    case 'pause':
      return pauseMoves(below, writes);
    case 'stall':
      return [{ type: 'do', role: pick(['leader', 'follower', 'touched']), what: stallDrawn(below) }, ...writes(2)];
    case 'delay':
      return [{ type: 'do', role: pick(['leader', 'any']), what: delayDrawn(below) }, ...writes(2)];
    case 'power':
      return [
        ...writes(2),
        after('any', { type: 'power-loss', keep: pick(['none', 'none', 'drawn']) }),
        ...powerMore(below),
        { type: 'start-all' },
      ];
    case 'disk':
      return [
        ...diskMoves(below, writes),
        ...comeback(),
        { type: 'do', role: 'touched', what: { type: 'disk', what: 'healthy', draw: 0 } },
      ];
    case 'clients':
      return [
        { type: 'client', what: pick(['move', 'move', 'disconnect', 'kill', 'start']), to: pick(['any', 'follower', 'touched']) },
        ...writes(1),
      ];
    case 'restart-all':
      return [{ type: 'kill-all', power: below(3) === 0 }, moment(), { type: 'start-all' }, settle(), ...writes(1)];
    case 'quorum':
      return quorumMoves(below, writes, crash, settle);
    case 'snapshots':
      return [...writes(4), ...writes(4), after('any', crash(), 'write'), start];
    default:
      return unreachable(phrase);
  }
}

function settleDrawn(below: Below): Move {
  const what = pickFrom(below, ['led', 'joined', 'joined'] as const);
  return { type: 'until', what, withinUs: pickFrom(below, [400_000, 3_000_000, 3_000_000]) };
}

type Writes = (most: number, near?: Role | null) => Move[];

/** Longer than its connections last, or not. */
function pauseMoves(below: Below, writes: Writes): Move[] {
  return [
    { type: 'do', role: pickFrom(below, ['leader', 'any'] as const), what: { type: 'pause' } },
    { type: 'wait', us: pickFrom(below, [100_000, 900_000, 2_500_000]) },
    ...writes(2),
    { type: 'do', role: 'touched', what: { type: 'resume' } },
    ...writes(1, 'touched'),
  ];
}

function diskMoves(below: Below, writes: Writes): Move[] {
  const what = pickFrom(below, ['failing', 'full', 'slow'] as const);
  return [{ type: 'do', role: 'any', what: { type: 'disk', what, draw: below(1000) } }, ...writes(3)];
}

/** What only the leader has: the others are away when it logs, and it is away when they go on. */
function aloneMoves(below: Below, writes: Writes, crash: () => Disturbance): Move[] {
  const pick = <T>(list: readonly T[]): T => pickFrom(below, list);
  const away: Disturbance = pick([{ type: 'isolate' }, { type: 'isolate' }, { type: 'kill-others' }] as const);
  const gone: Move =
    below(3) === 0
      ? { type: 'after', role: 'touched', progress: 'sync', oneIn: 1 + below(3), what: crash() }
      : { type: 'do', role: 'touched', what: crash() };
  const back: Move[] = pick([
    [{ type: 'start-all' }],
    [{ type: 'heal' }, { type: 'do', role: 'touched', what: { type: 'start' } }],
    [{ type: 'heal' }, { type: 'until', what: 'led', withinUs: 3_000_000 }],
  ] as const).slice();
  const death: Move[] = below(3) === 0 ? [] : [gone];
  return [
    { type: 'do', role: 'leader', what: away },
    ...writes(2, 'touched'),
    { type: 'wait', us: pick([500, 3000, 20_000]) },
    ...death,
    { type: 'wait', us: pick([500, 20_000, 900_000]) },
    ...back,
    ...(below(2) === 0 ? writes(2) : []),
  ];
}

/** Another majority: with the death of one that is being brought up to date, or of its leader, and some work where it holds. */
function quorumMoves(below: Below, writes: Writes, crash: () => Disturbance, settle: () => Move): Move[] {
  if (below(2) === 0) return [{ type: 'quorum' }, settle(), ...writes(2)];
  return [
    { type: 'quorum' },
    { type: 'until', what: 'synchronising', withinUs: 2_000_000 },
    {
      type: 'after',
      role: pickFrom(below, ['touched', 'touched', 'up'] as const),
      progress: pickFrom(below, PROGRESS),
      oneIn: pickFrom(below, [1, 1, 2, 3]),
      what: crash(),
    },
  ];
}

function powerMore(below: Below): Move[] {
  return below(2) === 0 ? [] : [{ type: 'do', role: 'any', what: { type: 'power-loss', keep: 'none' } }];
}

function stallDrawn(below: Below): Disturbance {
  return { type: 'stall', thread: below(1000), forUs: pickFrom(below, STALLS) };
}

function delayDrawn(below: Below): Disturbance {
  return {
    type: 'delay',
    towards: pickFrom(below, ['leader', 'follower', 'touched', 'any'] as const),
    byUs: 2000 + below(80_000),
    skip: below(6),
  };
}
