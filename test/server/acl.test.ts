import { expect, test } from 'vitest';
import { clientInfos, fixupAcl, isAllowed, maskedAcl } from '../../src/server/acl.ts';
import { digestId } from '../../src/server/auth-provider.ts';
import { OPEN_ACL_UNSAFE, PERMS, READ_ACL_UNSAFE, type AclEntry, type Id } from '../../src/server/protocol.ts';

const entry = (perms: number, scheme: string, id: string): AclEntry => ({ perms, scheme, id });
const alice: Id = { scheme: 'digest', id: digestId('alice:a') };
const near: Id = { scheme: 'ip', id: '10.0.0.7' };
const above: Id = { scheme: 'super', id: '' };
const as = (...authInfo: Id[]): { authInfo: Id[]; skipACL: boolean } => ({ authInfo, skipACL: false });

test('an entry lets in whom it names, for the bits it has [ACL-01] [ACL-03]', () => {
  const acl = [entry(PERMS.READ, 'world', 'anyone'), entry(PERMS.WRITE, 'digest', alice.id), entry(PERMS.ADMIN, 'ip', '10.0.0.0/24')];
  expect(isAllowed(acl, PERMS.READ, as())).toBe(true);
  expect(isAllowed(acl, PERMS.WRITE, as(near))).toBe(false);
  expect(isAllowed(acl, PERMS.WRITE, as(near, alice))).toBe(true);
  expect(isAllowed(acl, PERMS.ADMIN, as(near))).toBe(true);
  expect(isAllowed(acl, PERMS.ADMIN, as(alice, { scheme: 'ip', id: '10.0.1.7' }))).toBe(false);
  expect(isAllowed(acl, PERMS.DELETE, as(near, alice))).toBe(false);
  expect(isAllowed(acl, PERMS.DELETE | PERMS.ADMIN, as(near))).toBe(true); // VAL-09: one of several is enough
});

test('nothing is checked for super, without entries, or with skipACL; a scheme without provider lets nobody in [ACL-03]', () => {
  const closed = [entry(0, 'world', 'anyone')];
  expect(isAllowed(closed, PERMS.READ, as(alice))).toBe(false);
  expect(isAllowed(closed, PERMS.READ, as(above))).toBe(true);
  expect(isAllowed(closed, PERMS.READ, { authInfo: [], skipACL: true })).toBe(true);
  expect(isAllowed([], PERMS.READ, as())).toBe(true);
  expect(isAllowed([entry(PERMS.ALL, 'sasl', 'bob')], PERMS.READ, as({ scheme: 'sasl', id: 'bob' }))).toBe(false);
});

test('a list is stored without duplicates and otherwise as given, whatever its bits [ACL-04] [ACL-15]', () => {
  const odd = [entry(-1, 'world', 'anyone'), entry(0, 'ip', '10.0.0.1/8'), entry(-1, 'world', 'anyone'), entry(64, 'digest', 'u:h')];
  expect(fixupAcl(odd, [])).toEqual([odd[0], odd[1], odd[3]]);
  expect(fixupAcl([entry(PERMS.ALL, 'world', 'anyone')], [])).toBe(OPEN_ACL_UNSAFE);
  expect(fixupAcl([...READ_ACL_UNSAFE, ...READ_ACL_UNSAFE], [])).toEqual(READ_ACL_UNSAFE);
});

test('an empty list and an entry that is not valid are refused [ACL-05] [ACL-18]', () => {
  const bad = [
    entry(31, 'world', 'all'),
    entry(31, '', 'anyone'),
    entry(31, 'digest', 'u'),
    entry(31, 'ip', 'x'),
    entry(31, 'sasl', 'bob'),
  ];
  for (const each of bad) expect(fixupAcl([...OPEN_ACL_UNSAFE, each], [alice])).toBeNull();
  expect(fixupAcl([], [alice])).toBeNull();
});

test('without ZOOKEEPER-4240 an IPv6 address is not valid [ACL-18]', () => {
  const valid = (id: string, takesIpv6: boolean): boolean => fixupAcl([entry(31, 'ip', id)], [], takesIpv6) !== null;
  expect([valid('::1', true), valid('::1', false), valid('10.0.0.1/8', false)]).toEqual([true, false, true]);
});

test('`auth` stands for the ids that a password proved, and is refused where there is none [ACL-05]', () => {
  const bob: Id = { scheme: 'digest', id: digestId('bob:b') };
  expect(fixupAcl([entry(3, 'auth', 'ignored')], [near, alice, above, bob])).toEqual([
    entry(3, 'digest', alice.id),
    entry(3, 'digest', bob.id),
  ]);
  expect(fixupAcl([entry(31, 'auth', '')], [near, above])).toBeNull();
});

test('a mask leaves the user and hides the hash, of digest ids only [VAL-09]', () => {
  const acl = [entry(31, 'digest', alice.id), entry(1, 'ip', '::1')];
  expect(maskedAcl(acl)).toEqual([entry(31, 'digest', 'alice:x'), entry(1, 'ip', '::1')]);
});

test('whoAmI shows users, addresses, and nothing of super [ACL-16]', () => {
  expect(clientInfos([near, above, alice])).toEqual([
    { scheme: 'ip', user: '10.0.0.7' },
    { scheme: 'super', user: '' },
    { scheme: 'digest', user: 'alice' },
  ]);
});
