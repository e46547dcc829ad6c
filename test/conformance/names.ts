// What differs from run to run gets a name that does not: zxids count from the case's first one, sessions are called after their connection,
// the folder of the case is `~`, and a server's port is its role.

import type { Buffer } from 'node:buffer';

export interface Names {
  /** The folder of the case, `/k0007`; empty when the case has the server for itself. */
  readonly root: string;
  /** The zxid that `+0` stands for; 0 when zxids are told as they are, `epoch.counter`. */
  readonly base: bigint;
  /** Session id to name. */
  readonly sessions: Map<bigint, string>;
  /** Sid to role. */
  readonly servers: ReadonlyMap<number, string>;
  /** Texts that hold ports or folders of this run, and what to write instead. */
  readonly places: readonly (readonly [RegExp, string])[];
}

/** `~/a` as the server knows it. */
export function real(names: Names, text: string): string {
  return text.replaceAll('~', names.root);
}

/** What a server said, as it is told. */
export function told(names: Names, text: string | null): string | null {
  if (text === null) return null;
  const local = names.root === '' ? text : text.replaceAll(names.root, '~');
  return shortened(names.places.reduce((so, [place, name]) => so.replace(place, name), local));
}

export function shortened(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 40)}… (${text.length})` : text;
}

export function zxidName(names: Names, zxid: bigint): string | number {
  if (zxid <= 0n) return Number(zxid);
  if (names.base === 0n) return zxid >> 32n === 0n ? Number(zxid) : `${zxid >> 32n}.${zxid & 0xffffffffn}`;
  const epochs = (zxid >> 32n) - (names.base >> 32n);
  if (epochs > 0n) return `epoch+${epochs}:${zxid & 0xffffffffn}`;
  return zxid < names.base ? 'before' : `+${zxid - names.base}`;
}

export function sessionName(names: Names, id: bigint): string | number {
  return id === 0n ? 0 : (names.sessions.get(id) ?? `0x${BigInt.asUintN(64, id).toString(16)}`);
}

/** Which server made the id [SESS-01]. */
export function makerOf(names: Names, id: bigint): string {
  const sid = Number(BigInt.asUintN(64, id) >> 56n);
  return names.servers.get(sid) ?? `server ${sid}`;
}

/** `right` when it is the password that belongs to the id [SESS-02]. */
export function passwordName(id: bigint, password: Buffer | null): string | null {
  if (password === null) return null;
  if (password.every((byte) => byte === 0)) return `${password.length} zeros`;
  return password.equals(passwordOf(id)) ? 'right' : password.toString('hex');
}

/** java.util.Random(id XOR 0xB3415C00).nextBytes(16). */
function passwordOf(id: bigint): Uint8Array {
  const mask = (1n << 48n) - 1n;
  let seed = (id ^ 0xb3415c00n ^ 0x5deece66dn) & mask;
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i += 4) {
    seed = (seed * 0x5deece66dn + 0xbn) & mask;
    const word = Number(seed >> 16n);
    for (let j = 0; j < 4; j += 1) bytes[i + j] = word / 256 ** j;
  }
  return bytes;
}

/** Data of a node: as text when it is plain, else in hex. */
export function dataName(names: Names, data: Buffer | null): string | null {
  if (data === null) return null;
  const text = data.toString('utf8');
  const isPlain = /^[ -~\n]*$/.test(text);
  if (data.length > 200) return `${data.length} bytes`;
  return isPlain ? told(names, text) : `hex ${data.toString('hex')}`;
}
