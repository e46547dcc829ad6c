/**
 * EphemeralType: what the owner of a node says about it (TREE-18). Java takes the marks of TTL nodes for a session's where extended types are
 * off; here a server id ends at 254, so that no session id looks like one and the owner alone decides.
 */
import { int64OfNumber } from '../base/int64.ts';
import { NO_SESSION } from './protocol.ts';

export type EphemeralType = 'VOID' | 'NORMAL' | 'CONTAINER' | 'TTL';

/** Long.MIN_VALUE */
export const CONTAINER_OWNER = '8000000000000000';
/** 40 bits: 34 years. */
export const TTL_MAX_MS = 0xff_ffff_ffff;

const ttlMark = 'ff0000';

export function ephemeralTypeOf(owner: string): EphemeralType {
  if (owner === NO_SESSION) return 'VOID';
  if (owner === CONTAINER_OWNER) return 'CONTAINER';
  return owner.startsWith(ttlMark) ? 'TTL' : 'NORMAL';
}

/** TTL.toEphemeralOwner, for a time in 1..TTL_MAX_MS. */
export function ttlOwner(ttlMs: number): string {
  return ttlMark + int64OfNumber(ttlMs).slice(ttlMark.length);
}

/** TTL.getValue */
export function ttlOf(owner: string): number {
  return parseInt(owner.slice(ttlMark.length), 16);
}
