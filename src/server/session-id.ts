/** Session ids and passwords: both are calculated, neither is stored (SESS-01, SESS-02). */
import { NO_SESSION } from './protocol.ts';

const counterLimit = 0x10000;
const millisecondsLimit = 0x100_0000_0000;

/**
 * The server's id in the top byte (ID-28), then 40 bits of milliseconds, then 16 bits of a counter. Java seeds a counter with the time when
 * the tracker is created; here the time is that of the session and the counter that of the process, so that two roles of one process in the
 * same millisecond cannot give one id twice.
 */
export function makeSessionId(sid: number, nowUs: number, counter: number): string {
  const milliseconds = Math.floor(nowUs / 1000) % millisecondsLimit;
  return hex(((sid % 256) + 256) % 256, 2) + hex(milliseconds, 10) + hex(counter % counterLimit, 4);
}

/** ZooKeeperServer.checkPasswd: session 0 never passes. */
export function passwordFits(session: string, password: string): boolean {
  return session !== NO_SESSION && password === makePassword(session);
}

/** What a refused client gets (SESS-10). */
export const NO_PASSWORD = '0'.repeat(32);

/** Low 48 bits of the seed's constant, ZooKeeperServer.superSecret; the session's own upper 16 bits have no influence. */
const secretHi = 0x0000_b3;
const secretLo = 0x41_5c00;
const multiplierHi = 0x5de;
const multiplierLo = 0xec_e66d;
const lane = 0x100_0000;

/** 16 bytes of java.util.Random seeded with the id, as hex: its 48-bit generator in two lanes of 24 bits. */
export function makePassword(session: string): string {
  let hi = parseInt(session.slice(4, 10), 16) ^ secretHi ^ multiplierHi;
  let lo = parseInt(session.slice(10, 16), 16) ^ secretLo ^ multiplierLo;
  let password = '';
  for (let word = 0; word < 4; word++) {
    const low = lo * multiplierLo + 0xb;
    hi = (Math.floor(low / lane) + hi * multiplierLo + lo * multiplierHi) % lane;
    lo = low % lane;
    password += littleEndian(hi * 0x100 + Math.floor(lo / 0x1_0000)); // the upper 32 of 48 bits
  }
  return password;
}

function littleEndian(word: number): string {
  return (
    hex(word % 256, 2) + hex(Math.floor(word / 256) % 256, 2) + hex(Math.floor(word / 65536) % 256, 2) + hex(Math.floor(word / 16777216), 2)
  );
}

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0');
}
