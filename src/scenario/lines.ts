/** The lines of a script: what each verb takes, and what may stand beside it. */
import * as z from 'zod/mini';
import { described, duration, flag, latency, list, mapped, name, nothing, optional, refs, share, text, texts, whole } from './scalars.ts';

const port = z.enum(['election', 'quorum', 'client']);

const selector = z.strictObject({
  type: optional(text, 'Type of packet, such as PROPOSAL or NOTIFICATION; any when absent.'),
  from: optional(text),
  to: optional(text),
  port: optional(port),
  zxid: optional(text),
  skip: optional(whole(0, 1_000_000), 'Matches to let pass first.'),
  times: optional(whole(1, 1_000_000), 'Matches to act on; 1 when absent.'),
  inFlight: optional(flag, 'Packets that are on their way already, instead of the next ones.'),
  by: optional(duration, 'For delay: how long.'),
});

export type Selector = z.output<typeof selector>;

const powerLoss = z.union([
  mapped(text, (server) => ({ server, keep: undefined, torn: undefined })),
  z.strictObject({
    server: text,
    keep: optional(
      z.union([z.enum(['none', 'all', 'drawn']), z.record(text, whole(0, 1_000_000_000))]),
      'Unsynced records that reach the disk all the same: none, all, drawn, or a number for each file.',
    ),
    torn: optional(flag, 'The last record that is kept is torn.'),
  }),
]);

const disk = z.strictObject({
  server: text,
  full: optional(flag),
  slow: optional(whole(1, 100_000), 'Each fsync takes so many times as long.'),
  lying: optional(flag, 'fsync says done and does nothing.'),
  fail: optional(z.enum(['append', 'fsync', 'create', 'rename', 'truncate', 'delete', 'any', 'none'])),
  times: optional(whole(1, 1_000_000)),
});

const breaks = z.union([
  mapped(text, (found) => ({
    between: found.split(/\s+-\s+|,/).map((part) => part.trim()),
    port: undefined,
    keep: undefined,
    notice: undefined,
  })),
  z.strictObject({
    between: list,
    port: optional(port),
    keep: optional(z.array(whole(0, 1_000_000)).check(z.length(2)), 'Packets of each direction that still arrive.'),
    notice: optional(z.array(duration).check(z.length(2)), 'When each side notices.'),
  }),
]);

function line<V extends string, S extends z.ZodMiniType>(verb: V, value: S, does: string) {
  return described(z.strictObject({ verb: z.literal(verb), value }), { description: does });
}

/** Every verb with what it takes. */
export const verbLine = z.discriminatedUnion('verb', [
  line('start', refs, 'Starts processes.'),
  line('stop', refs, 'Asks servers to stop in good order.'),
  line('kill', refs, 'Ends processes; the page cache of their disks stays.'),
  line('power-loss', powerLoss, 'Turns a machine off: what is not on its disk is lost, and nobody is told.'),
  line('pause', refs, 'Processes stand still; their connections stay open.'),
  line('resume', refs, 'They go on.'),
  line(
    'stall',
    z.strictObject({
      server: text,
      thread: text,
      key: optional(whole(0, 1_048_575)),
      for: optional(duration),
      onlyLiving: optional(flag),
    }),
    'Threads of that name, or the one with that key, do nothing for so long, or until they may go on.',
  ),
  line('unstall', z.strictObject({ server: text, thread: text }), 'They may go on.'),
  line('partition', z.array(refs).check(z.minLength(1)), 'Splits the network into groups; those named nowhere are a group of their own.'),
  line('cut', texts, 'Lets nothing through: s1 > s2 in one direction, s1 <> s2 in both.'),
  line('mend', texts, 'Undoes a cut.'),
  line('heal', nothing, 'Ends all partitions and cuts.'),
  line('break', breaks, 'Breaks the connections between two, such as s1 - s2.'),
  line('disk', disk, 'Makes a disk full, slow, lying or failing, or well again.'),
  line(
    'tear-tail',
    z.strictObject({ server: text, file: text }),
    'Damages the last record of a file; log and snapshot are the newest ones.',
  ),
  line(
    'link',
    z.strictObject({ from: text, to: text, latency: optional(latency), loss: optional(share) }),
    'Changes one direction of the network.',
  ),
  line('drop', selector, 'Loses packets, which TCP would not.'),
  line('hold', selector, 'Keeps packets, and all behind them on the connection, until they are released.'),
  line('release', selector, 'Lets held packets go.'),
  line('duplicate', selector, 'Delivers packets twice, which TCP would not.'),
  line('delay', selector, 'Delays packets.'),
  line('wait', duration, 'Does nothing for a while.'),
  line('until', text, 'Waits for a condition.'),
  line('check', texts, 'Expects conditions to hold now.'),
  line('pick', refs, 'Gives servers a name, with as.'),
  line('move', z.strictObject({ client: text, to: text }), 'A client drops its connection and dials that server.'),
  line('disconnect', text, 'A client loses its connection.'),
  line('open', text, 'A client whose session is over begins a new one.'),
  line('calm', nothing, 'Ends every fault and starts every process.'),
  line('say', text, 'Words for the reader of the transcript.'),
]);

export type VerbLine = z.output<typeof verbLine>;
/** One schema a verb. */
export const verbLines = verbLine.def.options;
export const VERBS: readonly string[] = verbLines.flatMap(({ shape }) => shape.verb.def.values);

const accepted = described(texts, {
  description:
    'ok, an error code such as NONODE, what the operation prints, or a field of its Stat: version = 3. Of several, one must be met.',
});

const modifiers = {
  at: optional(duration, 'Not before this time.'),
  within: optional(duration, 'How long to wait for the condition or the answer; 60s when absent.'),
  as: optional(name, 'Names the servers of this line for later lines.'),
  expect: optional(accepted),
  async: optional(flag, 'Go on without waiting for the answer.'),
} as const;

export type Modifier = keyof typeof modifiers;
export const MODIFIERS = ['at', 'within', 'as', 'expect', 'async'] as const satisfies readonly Modifier[];

export const modifierSchema = z.strictObject(modifiers);

export const OPERATION_MODIFIERS: readonly Modifier[] = ['at', 'within', 'expect', 'async'];

/** What may stand beside a verb besides `at`. */
const BESIDE: Readonly<Record<string, readonly Modifier[]>> = {
  start: ['as'],
  stop: ['as'],
  kill: ['as'],
  pause: ['as'],
  resume: ['as'],
  'power-loss': ['as'],
  pick: ['as'],
  until: ['within', 'as'],
};

export function modifiersOf(verb: string): readonly Modifier[] {
  return ['at', ...(BESIDE[verb] ?? [])];
}
