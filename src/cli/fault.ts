/** `zablab fault`: speaks to the control door of a `zablab serve`. */
import { z } from 'zod';
import { InputError } from '../scenario/input-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { table, type Terminal } from './terminal.ts';

export interface FaultFlags {
  readonly control?: string;
  readonly json?: boolean;
}

const DOOR = 'http://127.0.0.1:8180';

const serverStatus = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number(),
  state: z.string(),
  paused: z.boolean(),
  serving: z.boolean(),
  epoch: z.number(),
  zxid: z.string(),
});
const ensembleStatus = z.object({ leader: z.string().nullable(), connections: z.number(), servers: z.array(serverStatus) });
const done = z.object({ did: z.array(z.string()), bit: z.boolean() });
const refused = z.object({ error: z.string() });

export async function faultCommand(line: string, { control = DOOR, json = false }: FaultFlags, terminal: Terminal): Promise<ExitCode> {
  const asksForStatus = line === '' || line === 'status';
  const answer = await ask(control, asksForStatus ? '/status' : '/fault', asksForStatus ? null : line);
  if (json) terminal.out(`${JSON.stringify(answer, null, 2)}\n`);
  if (asksForStatus) {
    if (!json) terminal.out(statusText(answer, control));
    return EXIT.ok;
  }
  const { did, bit } = read(done, answer, control);
  if (!json) terminal.out(`${did.map((words) => `${words}\n`).join('')}${bit ? '' : 'it found nothing to act on\n'}`);
  return bit ? EXIT.ok : EXIT.failed;
}

async function ask(control: string, path: string, body: string | null): Promise<unknown> {
  const place = { file: '--control', line: 0, column: 0 };
  if (!URL.canParse(path, control)) throw new InputError(place, `found "${control}", expected an address such as ${DOOR}`);
  try {
    const response = await fetch(new URL(path, control), body === null ? {} : { method: 'POST', body });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const { error } = refused.parse(answer);
    throw new InputError({ ...place, file: 'fault' }, error.replace(/^control(:\d+:\d+)?: /, ''));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(place, `nobody answers at ${control} as a \`zablab serve\` would`);
  }
}

function read<S extends z.ZodType>(schema: S, answer: unknown, control: string): z.output<S> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new InputError({ file: '--control', line: 0, column: 0 }, `what answers at ${control} is no \`zablab serve\` of this version`);
}

function statusText(answer: unknown, control: string): string {
  const { leader, connections, servers } = read(ensembleStatus, answer, control);
  const rows = servers.map(({ name, host, port, state, paused, serving, epoch, zxid }) => [
    name,
    `${host}:${port}`,
    `${state}${paused ? ', paused' : ''}${state === 'down' || state === 'off' || serving ? '' : ', not serving'}`,
    `epoch ${epoch}`,
    `zxid ${zxid}`,
  ]);
  return `${leader === null ? 'nobody leads' : `${leader} leads`}, ${connections} ${connections === 1 ? 'connection' : 'connections'}\n${table(rows)}`;
}
