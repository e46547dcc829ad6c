/**
 * The authentication providers (ProviderRegistry): what proves an identity, what an ACL entry may name and whom it lets in. `world` has none:
 * its one id is known to the ACL itself (ACL-17). Here are `ip` and `digest`; sasl and x509 are left out (ACL-14).
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { base64OfBytes } from '../base/base64.ts';
import { bytesOfArray, utf8OfBytes, type Bytes } from '../base/bytes.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { parseIp, samePrefix } from './ip-address.ts';
import type { Id } from './protocol.ts';

/** Of bytes. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

export interface AuthConfig {
  /** CFG-62: SHA-1 where nothing else is said; whoever says so brings it along. */
  readonly digestHash: Hash;
  /** user:base64(hash of "user:password"), the one that is above all ACLs; null for none (ACL-07). */
  readonly superDigest: string | null;
}

export interface AuthProvider {
  /** Does `auth` in an ACL stand for ids of this scheme (ACL-05)? */
  readonly isAuthenticated: boolean;
  /** May an ACL entry name this id? */
  isValid(id: string): boolean;
  /** Is the client with `id` among those that the entry's `expression` lets in? */
  matches(id: string, expression: string): boolean;
  /** What whoAmI shows (ACL-16). */
  userName(id: string): string;
}

const ip: AuthProvider = {
  isAuthenticated: false,
  isValid: (id) => parsePrefix(id) !== null,
  matches: (id, expression) => {
    const prefix = parsePrefix(expression);
    const address = parseIp(id);
    return prefix !== null && address !== null && samePrefix(address, prefix.address, prefix.bits);
  },
  userName: (id) => id,
};

/** An address with as many of its bits as count, all where it says nothing (ACL-18). */
function parsePrefix(text: string): { readonly address: readonly number[]; readonly bits: number } | null {
  const slash = text.indexOf('/');
  const address = parseIp(slash === -1 ? text : text.slice(0, slash));
  if (address === null) return null;
  if (slash === -1) return { address, bits: 8 * address.length };
  const digits = text.slice(slash + 1);
  const bits = /^[+-]?[0-9]+$/.test(digits) ? Number(digits) : NaN;
  return bits >= 0 && bits <= 8 * address.length ? { address, bits } : null;
}

const digest: AuthProvider = {
  isAuthenticated: true,
  // Two parts as Java splits: empty ones at the end do not count, so that 'u:h:' is two and 'u:' is one.
  isValid: (id) => id.replace(/:+$/, '').split(':').length === 2,
  matches: (id, expression) => id === expression,
  userName: (id) => userOf(id),
};

function userOf(id: string): string {
  const colon = id.indexOf(':');
  return colon === -1 ? id : id.slice(0, colon);
}

/** Null for a scheme that nobody knows. */
export function providerOf(scheme: string): AuthProvider | null {
  if (scheme === 'digest') return digest;
  return scheme === 'ip' ? ip : null;
}

/**
 * What an `auth` packet adds to the ids of its connection (ACL-09): digest takes any "user:password", ip takes anything and adds the address
 * of the connection. Null for AUTHFAILED: a scheme without a provider, or null where digest wants bytes.
 */
export function authenticate(scheme: string | null, auth: Bytes | null, address: string, config: AuthConfig): readonly Id[] | null {
  switch (scheme) {
    case 'digest': {
      if (auth === null) return null;
      const id = digestId(utf8OfBytes(auth), config.digestHash);
      const own: Id = { scheme, id };
      return id === config.superDigest ? [{ scheme: 'super', id: '' }, own] : [own];
    }
    case 'ip':
      return [{ scheme, id: address }];
    default:
      return null;
  }
}

/** DigestAuthenticationProvider.generateDigest of "user:password" (ACL-06). */
export function digestId(userPassword: string, hash: Hash = sha1): string {
  return `${userOf(userPassword)}:${base64OfBytes(bytesOfArray(hash(encodeUtf8(userPassword))))}`;
}
