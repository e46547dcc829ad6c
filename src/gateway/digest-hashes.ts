/** What digest ACLs may be hashed with (CFG-62), by Java's names. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { Hash } from '../server/auth-provider.ts';

const HASHES: ReadonlyMap<string, Hash> = new Map([
  ['SHA1', sha1],
  ['SHA-256', sha256],
  ['SHA-512', sha512],
]);

/** Null for another name. */
export function hashNamed(name: string): Hash | null {
  return HASHES.get(name) ?? null;
}
