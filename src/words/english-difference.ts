/** The words around the first difference of two runs. */
import { count } from './names.ts';

export interface SettingWords {
  readonly preset: string;
  readonly mutations: readonly string[];
}

export const DIFFERENCE_WORDS = {
  setting: ({ preset, mutations }: SettingWords): string =>
    mutations.length === 0 ? `preset ${preset}, no mutations` : `preset ${preset}, ${mutations.join(', ')}`,
  shared: (event: number): string =>
    event === 1 ? 'The two runs differ from their first event on.' : `Up to event ${event - 1} the two runs are the same to the bit.`,
  event: (event: number, time: string): string => `Event ${event} (${time}) is another one:`,
  state: (event: number, time: string): string => `Event ${event} (${time}) happens in both, and leaves something else behind:`,
  none: 'The two runs are the same from beginning to end: nothing that the mutations change was reached.',
  mutated: 'with',
  fixed: 'without',
  over: 'the run is over',
  nothing: 'nothing else changes',
  decision: 'What was decided by another rule there',
  notAsked: 'not asked for yet',
  asked: (event: number): string => `asked for at event ${event}`,
  servers: 'Servers after it',
  clients: 'Clients after it',
  sameServer: 'the same in both',
  outcome: 'What comes of it',
  violated: (properties: readonly string[]): string =>
    properties.length === 0 ? 'no property is violated' : `${properties.join(', ')} ${properties.length === 1 ? 'is' : 'are'} violated`,
  events: (events: number): string => count(events, 'event'),
  rule: (name: string): string => (name === '' ? 'a rule of its own' : `the rule ${name}`),
  yes: 'yes',
  no: 'no',
  change: (how: 'made' | 'changed' | 'ended'): string => ({ made: 'is new', changed: 'changes', ended: 'is gone' })[how],
  became: (name: string, before: string, after: string): string =>
    `${name} ${before === '' ? 'empty' : before} → ${after === '' ? 'empty' : after}`,
  listBecame: (name: string, gone: string, come: string): string =>
    [gone === '' ? '' : `${name} − ${gone}`, come === '' ? '' : `${name} + ${come}`].filter((text) => text !== '').join('; '),
  server: (state: string, zabState: string, epochs: string, zxids: string): string => `${state} ${zabState}, ${epochs}, ${zxids}`,
  epochs: (accepted: number, current: number): string => `acceptedEpoch ${accepted} currentEpoch ${current}`,
  zxids: (applied: string, logged: string, synced: string): string => `applied ${applied}, logged ${logged}, on disk ${synced}`,
} as const;
