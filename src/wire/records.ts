/* The records inside requests and replies (zookeeper.jute's module data), and the headers in front of both. */
import type { Acl, AclEntry, CreateMode, ErrorCode, Stat } from '../server/protocol.ts';
import { CREATE_MODES } from '../server/protocol.ts';
import { id64, int, long, record, string, textOrNone, vectorOrNone, type Codec } from './codec.ts';
import { errorOfNumber, numberOfError } from './numbers.ts';
import { WireError } from './reader.ts';

export const stat: Codec<Stat> = record<Stat>({
  czxid: long,
  mzxid: long,
  ctime: long,
  mtime: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: id64,
  dataLength: int,
  numChildren: int,
  pzxid: long,
});

const aclEntry = record<{ readonly perms: number; readonly scheme: string; readonly id: string | null }>({
  perms: int,
  scheme: textOrNone,
  id: string,
});

/** Java never looks at the id of scheme auth (ACL-06), and into that of the others: there null cannot be used. */
const usableAclEntry: Codec<AclEntry> = {
  read: (from) => {
    const { perms, scheme, id } = aclEntry.read(from);
    if (id === null && scheme !== 'auth') throw new WireError(`byte ${from.at - 4}: expected the id of an ACL entry, found null`);
    return { perms, scheme, id: id ?? '' };
  },
  write: aclEntry.write,
};

/** Three counts of four bytes are the least that an entry has. Null is refused as the empty list is: INVALIDACL. */
export const acl: Codec<Acl> = vectorOrNone(12, usableAclEntry);

export const createMode: Codec<CreateMode | 'UNKNOWN'> = {
  read: (from) => CREATE_MODES[int.read(from)] ?? 'UNKNOWN',
  write: (to, mode) => int.write(to, mode === 'UNKNOWN' ? CREATE_MODES.length : CREATE_MODES.indexOf(mode)),
};

export const errorCode: Codec<ErrorCode> = {
  read: (from) => errorOfNumber(int.read(from)),
  write: (to, error) => int.write(to, numberOfError(error)),
};
