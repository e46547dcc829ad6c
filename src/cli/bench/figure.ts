/** The figures that `zablab bench` knows: what each is, what it should reach and what the peers reach. */
import type { Sample } from './measure.ts';

interface Known {
  readonly what: string;
  /** Of the scheduler; null where it does not matter. */
  readonly mode: 'fine' | 'coarse' | null;
  readonly unit: string;
  readonly target: string;
  readonly peers: string;
}

const PEERS_EVENTS = 'raftscope core 69-101 k';
const PEERS_TRACED = 'raft-visualization 12-20 k, raftscope 11-28 k';

export const FIGURES = {
  'events-coarse': {
    what: 'events a second, 5 servers writing, properties on',
    mode: 'coarse',
    unit: '/s',
    target: '>= 1 000 000',
    peers: PEERS_EVENTS,
  },
  'writes-coarse': { what: 'committed writes a second', mode: 'coarse', unit: '/s', target: '', peers: '' },
  'messages-coarse': { what: 'messages delivered a second', mode: 'coarse', unit: '/s', target: '', peers: 'raftscope core 61-90 k' },
  'pace-coarse': { what: 'virtual seconds a second', mode: 'coarse', unit: '', target: '', peers: 'runway 0.8' },
  'events-fine': { what: 'events a second, 5 servers writing, properties on', mode: 'fine', unit: '/s', target: '', peers: PEERS_EVENTS },
  'writes-fine': { what: 'committed writes a second', mode: 'fine', unit: '/s', target: '', peers: '' },
  'messages-fine': { what: 'messages delivered a second', mode: 'fine', unit: '/s', target: '', peers: 'raftscope core 61-90 k' },
  'pace-fine': { what: 'virtual seconds a second', mode: 'fine', unit: '', target: '', peers: 'runway 0.8' },
  'events-bare': { what: 'events a second, properties off too', mode: 'coarse', unit: '/s', target: '', peers: PEERS_EVENTS },
  'events-traced': {
    what: 'events a second, with trace and checkpoints',
    mode: 'coarse',
    unit: '/s',
    target: '>= 500 000',
    peers: PEERS_TRACED,
  },
  'seek-p50': {
    what: 'seek to an event of a long run, median',
    mode: 'coarse',
    unit: 'ms',
    target: '',
    peers: 'raftscope 50 s for 22 k steps',
  },
  'seek-p99': {
    what: 'seek to an event of a long run, 99 of 100',
    mode: 'coarse',
    unit: 'ms',
    target: '<= 25',
    peers: 'raftscope 50 s for 22 k steps',
  },
  'seek-max': { what: 'seek to an event of a long run, longest', mode: 'coarse', unit: 'ms', target: '', peers: '' },
  'history-bytes': {
    what: 'history bytes an event, checkpoints included',
    mode: 'coarse',
    unit: 'bytes',
    target: '<= 150',
    peers: '8 500-61 000 a checkpoint',
  },
  fork: { what: 'fork of a 5-server world with 1 000 znodes', mode: null, unit: 'us', target: '<= 20', peers: 'structuredClone 16 800' },
  'states-fine': {
    what: 'states explored a CPU second, 3 servers, 2 writers, properties on',
    mode: 'fine',
    unit: '/s',
    target: '>= 100 000',
    peers: 'TLC 5 800-9 600',
  },
  'process-60s': { what: 'zablab run of a 60 s scenario, whole process', mode: 'fine', unit: 'ms', target: '<= 300', peers: '' },
  'ready-call': {
    what: 'three servers serve, from the call of startEnsemble',
    mode: 'coarse',
    unit: 'ms',
    target: '<= 50',
    peers: '',
  },
  'ready-process': { what: 'three servers serve, from the start of the process', mode: 'coarse', unit: 'ms', target: '<= 300', peers: '' },
  reads: { what: 'getData of 100 bytes, 10 clients with 100 under way', mode: 'coarse', unit: '/s', target: '', peers: '' },
  writes: { what: 'setData of 100 bytes, 10 clients with 100 under way', mode: 'coarse', unit: '/s', target: '', peers: '' },
  'read-p50': { what: 'getData one after the other, median', mode: 'coarse', unit: 'ms', target: '', peers: '' },
  'read-p99': { what: 'getData one after the other, 99 of 100', mode: 'coarse', unit: 'ms', target: '', peers: '' },
  'write-p50': { what: 'setData one after the other, median', mode: 'coarse', unit: 'ms', target: '', peers: '' },
  'write-p99': { what: 'setData one after the other, 99 of 100', mode: 'coarse', unit: 'ms', target: '', peers: '' },
  memory: { what: 'memory of three servers after those loads', mode: 'coarse', unit: 'MB', target: '', peers: '' },
  'opened-1000': { what: '1 000 sessions, opened a second', mode: 'coarse', unit: '/s', target: '', peers: '' },
  'read-p99-1000': { what: 'getData beside 1 000 sessions, 99 of 100', mode: 'coarse', unit: 'ms', target: '', peers: '' },
  'opened-10000': { what: '10 000 sessions, opened a second', mode: 'coarse', unit: '/s', target: '', peers: '' },
  'alive-10000': { what: '10 000 sessions, kept by pings', mode: 'coarse', unit: '', target: '10 000', peers: '' },
  'read-p99-10000': { what: 'getData beside 10 000 sessions, 99 of 100', mode: 'coarse', unit: 'ms', target: '', peers: '' },
  'memory-10000': { what: 'memory of three servers with 10 000 sessions', mode: 'coarse', unit: 'MB', target: '', peers: '' },
} as const satisfies Readonly<Record<string, Known>>;

export type FigureId = keyof typeof FIGURES;

export interface Figure extends Sample, Known {
  readonly id: FigureId;
}

/** `peers` where they were measured beside it. */
export function figureOf(id: FigureId, sample: Sample, peers: string = FIGURES[id].peers): Figure {
  return { id, ...FIGURES[id], ...sample, peers };
}
