import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { authenticate, digestId, providerOf, type AuthConfig } from '../../src/server/auth-provider.ts';

const config: AuthConfig = { digestHash: sha1, superDigest: null };
const prove = (scheme: string, auth: string, using = config): unknown => authenticate(scheme, bytesOfUtf8(auth), '10.1.2.3', using);

test('a digest id is the user and the hash of the whole [ACL-06]', () => {
  expect(digestId('super:admin')).toBe('super:xQJmxLMiHGwaqBvst5y6rkB6HQs=');
  expect(digestId('alone')).toMatch(/^alone:[A-Za-z0-9+/]{27}=$/);
  expect(digestId('a:b:c')).toMatch(/^a:/);
  expect(digestId('é:é')).not.toBe(digestId('é:e'));
  expect(digestId('u:p', sha256)).toHaveLength('u:'.length + 44);
  expect(digestId('u:p', sha512)).toHaveLength('u:'.length + 88);
});

test('digest takes any password, ip any data, and a scheme without provider nothing [ACL-06] [ACL-09] [ACL-17]', () => {
  expect(prove('digest', 'u:p')).toEqual([{ scheme: 'digest', id: digestId('u:p') }]);
  expect(prove('ip', 'whatever')).toEqual([{ scheme: 'ip', id: '10.1.2.3' }]);
  for (const scheme of ['world', 'auth', 'sasl', 'super', '']) expect(prove(scheme, 'u:p')).toBeNull();
});

test('the super digest makes its user super as well, and a wrong password does not [ACL-07] [ACL-17]', () => {
  const withSuper: AuthConfig = { ...config, superDigest: 'super:xQJmxLMiHGwaqBvst5y6rkB6HQs=' };
  const own = { scheme: 'digest', id: digestId('super:admin') };
  expect(prove('digest', 'super:admin', withSuper)).toEqual([{ scheme: 'super', id: '' }, own]);
  expect(prove('digest', 'super:wrong', withSuper)).toEqual([{ scheme: 'digest', id: digestId('super:wrong') }]);
  expect(prove('digest', 'super:admin')).toEqual([own]);
});

const isValid = (scheme: string, id: string): unknown => providerOf(scheme)?.isValid(id);

test('a digest id in an ACL has two parts, by the way Java splits [ACL-06]', () => {
  expect(['u:h', ':h', 'u:h:', 'u:h::'].map((id) => isValid('digest', id))).toEqual([true, true, true, true]);
  expect(['u', 'u:', '', ':', 'a:b:c'].map((id) => isValid('digest', id))).toEqual([false, false, false, false, false]);
});

test('an ip id is an address, with prefix bits from none to all [ACL-08] [ACL-18]', () => {
  const valid = ['10.0.0.1', '10.0.0.1/0', '10.0.0.1/32', '::', '::1/128', '1::', '2001:db8:0:0:0:0:0:1', 'A:b::1/7'];
  const invalid = ['', 'host', '10.0.0', '10.0.0.256', '10.0.0.-1', '10.0.0.1/33', '10.0.0.1/-1', '10.0.0.1/', '10.0.0.1/8/8', 'x.0.0.1'];
  const invalid6 = [':::', '1::2::3', '1:2:3:4:5:6:7', '::12345', '1:2:3:4:5:6:7:8::', '::g', '::1/129', '::ffff:1.2.3.4'];
  expect(valid.filter((id) => isValid('ip', id) !== true)).toEqual([]);
  expect([...invalid, ...invalid6].filter((id) => isValid('ip', id) !== false)).toEqual([]);
});

test('an ip entry lets in by the leading bits, and only addresses of its own kind [ACL-08]', () => {
  const matches = (id: string, expression: string): unknown => providerOf('ip')?.matches(id, expression);
  expect(matches('10.1.2.3', '10.1.2.3')).toBe(true);
  expect(matches('10.1.2.4', '10.1.2.3')).toBe(false);
  expect(matches('10.1.255.4', '10.1.2.3/16')).toBe(true);
  expect(matches('10.1.2.129', '10.1.2.0/25')).toBe(false);
  expect(matches('10.1.2.127', '10.1.2.0/25')).toBe(true);
  expect(matches('99.1.2.3', '10.0.0.0/0')).toBe(true);
  expect(matches('2001:db8::7', '2001:db8::/32')).toBe(true);
  expect(matches('2001:db9::7', '2001:db8::/32')).toBe(false);
  expect(matches('0.0.0.0', '::/0')).toBe(false);
  expect(matches('10.1.2.3', 'nonsense')).toBe(false);
});
