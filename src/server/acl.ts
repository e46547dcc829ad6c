/** Access control lists: who may do what with a node (G5). There is no inheritance (ACL-04). */
import { providerOf } from './auth-provider.ts';
import { OPEN_ACL_UNSAFE, PERMS, type Acl, type AclEntry, type Id } from './protocol.ts';

/** Who asks, and whether anybody is asked. */
export interface Access {
  readonly authInfo: readonly Id[];
  /** CFG-49 */
  readonly skipACL: boolean;
}

/** ZooKeeperServer.checkACL (ACL-03): `perms` is one bit or several, of which one is enough. */
export function isAllowed(acl: Acl, perms: number, { authInfo, skipACL }: Access): boolean {
  if (skipACL || acl.length === 0) return true;
  if (authInfo.some(({ scheme }) => scheme === 'super')) return true;
  return acl.some((entry) => (entry.perms & perms) !== 0 && letsIn(entry, authInfo));
}

function letsIn(entry: AclEntry, authInfo: readonly Id[]): boolean {
  if (isAnyone(entry)) return true;
  const provider = providerOf(entry.scheme);
  return provider !== null && authInfo.some(({ scheme, id }) => scheme === entry.scheme && provider.matches(id, entry.id));
}

function isAnyone({ scheme, id }: AclEntry): boolean {
  return scheme === 'world' && id === 'anyone';
}

/** PrepRequestProcessor.fixupACL (ACL-05): the list as it is stored, or null for INVALIDACL. ZOOKEEPER-4240: no IPv6 address was valid. */
export function fixupAcl(acl: Acl, authInfo: readonly Id[], takesIpv6 = true): Acl | null {
  const [first] = acl;
  if (acl.length === 1 && first !== undefined && isAnyone(first)) return first.perms === PERMS.ALL ? OPEN_ACL_UNSAFE : acl;
  const fixed: AclEntry[] = [];
  for (const entry of acl.filter((each, at) => acl.findIndex((other) => isSameEntry(each, other)) === at)) {
    const entries = fixupEntry(entry, authInfo);
    if (entries.length === 0 || (!takesIpv6 && entry.scheme === 'ip' && entry.id.includes(':'))) return null;
    fixed.push(...entries);
  }
  return fixed.length === 0 ? null : fixed;
}

/** None for an entry that is not valid. */
function fixupEntry(entry: AclEntry, authInfo: readonly Id[]): readonly AclEntry[] {
  if (isAnyone(entry)) return [entry];
  if (entry.scheme === 'auth') {
    const ids = authInfo.filter(({ scheme }) => providerOf(scheme)?.isAuthenticated === true);
    return ids.map(({ scheme, id }) => ({ perms: entry.perms, scheme, id }));
  }
  return providerOf(entry.scheme)?.isValid(entry.id) === true ? [entry] : [];
}

function isSameEntry(a: AclEntry, b: AclEntry): boolean {
  return a.perms === b.perms && a.scheme === b.scheme && a.id === b.id;
}

/** What getACL shows to a client without ADMIN: no hash of a password (VAL-09). */
export function maskedAcl(acl: Acl): Acl {
  return acl.map((entry) => (entry.scheme === 'digest' ? { ...entry, id: entry.id.replace(/:.*/g, ':x') } : entry));
}

/** AuthUtil.getClientInfos (ACL-16). */
export function clientInfos(authInfo: readonly Id[]): { readonly scheme: string; readonly user: string }[] {
  return authInfo.map(({ scheme, id }) => ({ scheme, user: providerOf(scheme)?.userName(id) ?? '' }));
}
