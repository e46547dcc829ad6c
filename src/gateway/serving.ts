/**
 * An ensemble made ready for real clients: its run, its election, its gateway and its recording. The command and the library both begin here.
 */
import { assert } from '../base/assert.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { isUp } from '../kernel/node.ts';
import { nextTime, runNext } from '../kernel/run.ts';
import { InputError } from '../scenario/input-error.ts';
import { actionsOfLine } from '../scenario/one-line.ts';
import type { Run } from '../scenario/run-scenario.ts';
import { establishedLeader } from '../scenario/server-ref.ts';
import { actionWords } from '../words/english-ensemble.ts';
import { namesOf } from '../words/names.ts';
import { openAdminServers } from './admin-server.ts';
import { bindPorts, closePort, type ClientPort } from './client-port.ts';
import { Gateway } from './gateway.ts';
import { makeLog } from './log.ts';
import type { Done } from './library-types.d.ts';
import { openRecording } from './recording.ts';
import { openSession, type SessionHead } from './session-file.ts';
import { takesClients } from './status.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ServingOptions {
  readonly head: SessionHead;
  /** In the order of the servers; port 0 for any free one. */
  readonly addresses: readonly Address[];
  /** No longer frame is read. */
  readonly frameMax: number;
  /** Of each server's AdminServer, 0 for any; none when empty. */
  readonly adminPorts?: readonly number[];
  readonly recordTo: string | null;
  readonly log: (line: string) => void;
  /** A step threw, and the gateway is closed. */
  readonly onBroken: (error: unknown) => void;
}

export interface Serving {
  readonly run: Run;
  readonly gateway: Gateway;
  /** In the order of the servers. */
  readonly adminPorts: readonly number[];
  /** A line of the scenario language, done now. Throws InputError. */
  readonly act: (line: string) => Done;
  readonly close: () => void;
}

/** Virtual time in which an election is over, or clients are let in to see that it is not. */
const ELECTION_MAX_US = 60_000_000;

/** Rejects with an InputError when a port is taken. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const ports = await binding(bindPorts(options.addresses));
  try {
    const serving = serveOn(ports, { ...options, head: withPorts(options.head, ports) });
    return await withAdminServers(serving, options);
  } catch (error) {
    for (const port of ports) closePort(port);
    throw error;
  }
}

async function withAdminServers(serving: Serving, { adminPorts = [], addresses }: ServingOptions): Promise<Serving> {
  try {
    const servers = await binding(openAdminServers(serving.gateway, addresses[0]?.host ?? '127.0.0.1', adminPorts));
    const close = (): void => {
      for (const server of servers) server.close();
      serving.close();
    };
    return { ...serving, adminPorts: servers.map(({ port }) => port), close };
  } catch (error) {
    serving.close();
    throw error;
  }
}

/** The servers say themselves which ports they have. */
function withPorts(head: SessionHead, ports: readonly ClientPort[]): SessionHead {
  return { ...head, server: { clientPorts: ports.map(({ port }) => port).join(','), ...head.server } };
}

function serveOn(ports: readonly ClientPort[], { head, frameMax, recordTo, log, onBroken }: ServingOptions): Serving {
  const run = openSession(head);
  const { ensemble } = run;
  assert(ports.length === ensemble.servers.length, 'a port for each server');
  const recording = recordTo === null ? null : openRecording(recordTo, head, log);
  const gateway = new Gateway(ensemble, {
    ports,
    frameMax,
    log: makeLog(log),
    onInput: (entry) => recording?.add(entry),
    onTurn: () => recording?.flush(),
    onBroken: (error) => {
      recording?.flush();
      onBroken(error);
    },
  });
  if (run.scenario.lines.length === 0 && run.scenario.document.start !== 'none') skipElection(ensemble);
  gateway.start();
  let isClosed = false;
  return {
    run,
    gateway,
    adminPorts: [],
    act: (line) => actByLine(gateway, line),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      gateway.close();
      recording?.close(ensemble.world);
    },
  };
}

/** A port that cannot be had is bad input. */
async function binding<T>(ports: Promise<T>): Promise<T> {
  try {
    return await ports;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !('port' in error)) throw error;
    const why = error.code === 'EADDRINUSE' ? 'another program has it' : error.message;
    throw new InputError({ file: `port ${String(error.port)}`, line: 0, column: 0 }, `${why}, expected a free port`);
  }
}

/** Nobody waits for an election that no client can see: it is run in virtual time, before that goes with the wall clock. */
function skipElection(ensemble: Ensemble): void {
  const { world } = ensemble;
  const limit = world.now + ELECTION_MAX_US;
  while (!isServing(ensemble) && nextTime(world) <= limit) runNext(world);
}

/** Does somebody lead, and every server that is up take clients? A server alone needs no leader. */
export function isServing(ensemble: Ensemble): boolean {
  const { servers, world } = ensemble;
  if (servers.length > 1 && establishedLeader(ensemble) === null) return false;
  const up = servers.filter(({ node }) => isUp(world, node));
  return up.length > 0 && up.every(({ node, refs }) => takesClients(world, node, refs));
}

function actByLine(gateway: Gateway, line: string): Done {
  const { ensemble } = gateway;
  const actions = actionsOfLine(ensemble, line, ensemble.world.events + 1, 'control');
  const bits = actions.map((action) => gateway.act(action));
  const names = namesOf(ensemble);
  return { did: actions.map((action) => actionWords(action, names)), bit: bits.some(Boolean) };
}
