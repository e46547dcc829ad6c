// Access control: schemes, auth, and which permission is asked where.

import { Buffer } from 'node:buffer';
import { buffer, int } from '../jute.ts';
import * as op from '../operations.ts';
import type { Request } from '../request.ts';
import { calls, cases, type Script } from '../script.ts';

const { acl, ALL } = op;
/** digest of `bob:secret` [ACL-06]. */
const BOB = 'bob:fyVmFCwVbTJYrznoSu1koqYEYF0=';
const bob = op.addAuth('digest', 'bob:secret');
const su = op.addAuth('digest', 'super:admin');
const creatorOnly = [acl(ALL, 'auth', '')];

/** What one permission allows, on a node and on its parent. */
function only(perms: number): Script {
  return calls(
    op.create('~/p'),
    op.create('~/p/c'),
    op.create('~/p/x'),
    op.setAcl('~/p', [acl(perms, 'world', 'anyone')]),
    op.exists('~/p'),
    op.getData('~/p'),
    op.getChildren('~/p'),
    op.getChildren2('~/p'),
    op.getAllChildrenNumber('~/p'),
    op.getAcl('~/p'),
    op.setData('~/p', 'x'),
    op.create('~/p/d'),
    op.remove('~/p/c'),
    op.multi(op.check('~/p', -1)),
    op.multiRead(op.getData('~/p'), op.getChildren('~/p')),
    op.setAcl('~/p', op.OPEN),
  );
}

export const permissions = cases({
  'READ alone [ACL-01, ACL-02]': only(op.READ),
  'WRITE alone [ACL-01, ACL-02]': only(op.WRITE),
  'CREATE alone [ACL-01, ACL-02]': only(op.CREATE),
  'DELETE alone [ACL-01, ACL-02]': only(op.DELETE),
  'ADMIN alone [ACL-01, ACL-02]': only(op.ADMIN),
  'no permission at all': only(0),
  'bits beyond the five are kept [ACL-15]': calls(
    op.create('~/a', { acl: [acl(-1, 'world', 'anyone'), acl(32, 'ip', '1.2.3.4'), acl(0, 'digest', 'a:b')] }),
    op.getAcl('~/a'),
    op.setAcl('~/a', [acl(0x7fffffff, 'world', 'anyone')]),
    op.getAcl('~/a'),
  ),
  'no permission is inherited [ACL-04]': calls(
    op.create('~/a', { acl: [acl(op.CREATE, 'world', 'anyone')] }),
    op.create('~/a/b'),
    op.getData('~/a'),
    op.getData('~/a/b'),
    op.getAcl('~/a/b'),
  ),
  'permissions add up over entries; duplicates are removed [ACL-03, ACL-04]': calls(
    op.create('~/a', { acl: [acl(op.READ, 'world', 'anyone'), acl(op.WRITE, 'world', 'anyone'), acl(op.READ, 'world', 'anyone')] }),
    op.getAcl('~/a'),
    op.getData('~/a'),
    op.setData('~/a', 'x'),
  ),
});

const refused = (...lists: readonly (readonly op.Acl[])[]): Script =>
  calls(...lists.map((list, i) => op.create(`~/a${i}`, { acl: list })), op.getChildren('~'));

export const acls = cases({
  'world has only anyone [ACL-05]': refused(
    [acl(ALL, 'world', 'someone')],
    [acl(ALL, 'world', '')],
    [acl(ALL, 'world', null)],
    [acl(ALL, 'WORLD', 'anyone')],
  ),
  'unknown schemes and entries without one [ACL-05, ACL-18]': refused(
    [acl(ALL, 'kerberos', 'x')],
    [acl(ALL, null, 'x')],
    [acl(ALL, '', 'x')],
    [acl(ALL, 'super', 'x')],
  ),
  'one bad entry spoils the list [ACL-05]': refused([acl(ALL, 'world', 'anyone'), acl(ALL, 'nonsense', 'x')]),
  'digest ids have exactly two parts [ACL-06]': refused(
    [acl(ALL, 'digest', 'bob')],
    [acl(ALL, 'digest', 'a:b:c')],
    [acl(ALL, 'digest', 'a:b')],
    [acl(ALL, 'digest', ':')],
    [acl(ALL, 'digest', '')],
    [acl(ALL, 'digest', 'a:')],
    [acl(ALL, 'digest', ':b')],
  ),
  'ip ids are addresses with at most as many bits [ACL-08, ACL-18]': refused(
    [acl(ALL, 'ip', '127.0.0.1')],
    [acl(ALL, 'ip', '127.0.0.0/8')],
    [acl(ALL, 'ip', '127.0.0.1/0')],
    [acl(ALL, 'ip', '127.0.0.1/32')],
    [acl(ALL, 'ip', '127.0.0.1/33')],
    [acl(ALL, 'ip', '127.0.0.1/-1')],
    [acl(ALL, 'ip', '127.0.0.1/x')],
    [acl(ALL, 'ip', '127.0.0')],
    [acl(ALL, 'ip', '256.0.0.1')],
    [acl(ALL, 'ip', 'localhost')],
    [acl(ALL, 'ip', '')],
    [acl(ALL, 'ip', '::1')],
    [acl(ALL, 'ip', '127.0.0.1/8/8')],
  ),
  'auth without an authenticated id is INVALIDACL [ACL-05]': calls(
    op.create('~/a', { acl: creatorOnly }),
    op.addAuth('ip', ''),
    op.create('~/a', { acl: creatorOnly }),
  ),
  'auth becomes the ids of the client [ACL-05, ACL-06]': calls(
    bob,
    op.create('~/a', { acl: creatorOnly }),
    op.getAcl('~/a'),
    op.addAuth('digest', 'eve:x'),
    op.create('~/b', { acl: [acl(op.READ, 'auth', 'whatever'), acl(ALL, 'ip', '127.0.0.1')] }),
    op.setAcl('~/a', creatorOnly),
  ),
  'ip: the own address matches, by its prefix [ACL-08]': calls(
    op.create('~/own', { acl: [acl(ALL, 'ip', '127.0.0.1')] }),
    op.create('~/net', { acl: [acl(ALL, 'ip', '127.9.9.9/8')] }),
    op.create('~/all', { acl: [acl(ALL, 'ip', '9.9.9.9/0')] }),
    op.create('~/other', { acl: [acl(ALL, 'ip', '127.0.0.2')] }),
    op.create('~/near', { acl: [acl(ALL, 'ip', '127.0.0.3/30')] }),
    op.create('~/far', { acl: [acl(ALL, 'ip', '127.0.0.4/30')] }),
    op.getData('~/own'),
    op.getData('~/net'),
    op.getData('~/all'),
    op.getData('~/other'),
    op.getData('~/near'),
    op.getData('~/far'),
  ),
  'digest: only who has the password [ACL-03, ACL-06]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await a.calls(bob, op.create('~/a', { acl: [acl(ALL, 'digest', BOB)], data: 'x' }), op.getData('~/a'));
    await b.calls(
      op.getData('~/a'),
      op.addAuth('digest', 'bob:wrong'),
      op.getData('~/a'),
      op.setData('~/a', 'y'),
      op.setAcl('~/a', op.OPEN),
    );
    await b.calls(op.getAcl('~/a'), bob, op.getData('~/a'), op.getAcl('~/a'), op.remove('~/a'));
  },
  'getACL hides the hash from who may not administrate [VAL-09]': calls(
    op.create('~/a', { acl: [acl(op.READ, 'world', 'anyone'), acl(ALL, 'digest', BOB)] }),
    op.getAcl('~/a'),
    bob,
    op.getAcl('~/a'),
  ),
  'super may everything [ACL-03, ACL-07]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await a.calls(bob, op.create('~/a', { acl: creatorOnly }));
    await b.calls(
      op.getData('~/a'),
      su,
      op.getData('~/a'),
      op.setAcl('~/a', [acl(0, 'world', 'anyone')]),
      op.getAcl('~/a'),
      op.setData('~/a', 'x'),
    );
    await b.calls(op.create('~/a/b'), op.remove('~/a/b'), op.whoAmI());
    await a.calls(op.getData('~/a'), op.getAcl('~/a'));
  },
  'a wrong password of super is an ordinary user [ACL-17]': calls(
    op.addAuth('digest', 'super:wrong'),
    op.whoAmI(),
    op.create('~/a', { acl: creatorOnly }),
    op.getAcl('~/a'),
  ),
});

export const auths = cases({
  'an unknown scheme: AUTHFAILED, then the end; the session lives on [ACL-09]': async (s) => {
    const a = await s.client('a');
    await a.call(op.addAuth('nonsense', 'x'));
    await a.closed();
    const again = await s.client('again', { of: a });
    await again.call(op.whoAmI());
  },
  'world has no provider [ACL-17]': async (s) => {
    const a = await s.client('a');
    await a.call(op.addAuth('world', 'anyone'));
    await a.closed();
  },
  'schemes null, empty and auth': async (s) => {
    for (const scheme of [null, '', 'auth']) {
      const a = await s.client(`a ${scheme}`);
      await a.call(op.addAuth(scheme, 'x'));
      await a.closed();
    }
  },
  'digest takes anything [ACL-06]': calls(
    op.addAuth('digest', 'nocolon'),
    op.addAuth('digest', ''),
    op.addAuth('digest', 'a:b:c'),
    op.addAuth('digest', ':'),
    op.whoAmI(),
    op.create('~/a', { acl: creatorOnly }),
    op.getAcl('~/a'),
  ),
  'whoAmI, with an id twice [ACL-16, ACL-17]': calls(
    bob,
    bob,
    op.addAuth('ip', 'nonsense'),
    op.addAuth('digest', 'eve:x'),
    op.addAuth('digest', 'bob:other'),
    op.whoAmI(),
  ),
  'ids belong to the connection [ACL-09, SESS-41]': async (s) => {
    const a = await s.client('a');
    await a.calls(bob, op.create('~/a', { acl: creatorOnly }), op.getData('~/a'));
    a.drop();
    const again = await s.client('again', { of: a });
    await again.calls(op.getData('~/a'), op.whoAmI(), bob, op.getData('~/a'));
  },
  'an auth packet before requests of the same write counts for them [ACL-10]': async (s) => {
    const a = await s.client('a');
    await a.pipeline(bob, op.create('~/a', { acl: creatorOnly }), op.getAcl('~/a'));
  },
  'auth with another xid and a type of its own is answered alike [WIRE-18]': async (s) => {
    const a = await s.client('a');
    const typed: Request = { ...op.strange('auth typed', 100, Buffer.concat([int(7), buffer('digest'), buffer('x:y')])), xid: 9 };
    await a.calls(typed, op.whoAmI());
  },
  'an auth packet cut short': async (s) => {
    const a = await s.client('a');
    a.sendOnly({ ...op.strange('auth', 100, Buffer.concat([int(0), buffer('digest')])), xid: -4 });
    await a.closed();
    await s.client('again', { of: a });
  },
  'null auth data of digest': async (s) => {
    const a = await s.client('a');
    a.sendOnly(op.addAuth('digest', null));
    await a.closed();
    await s.client('again', { of: a });
  },
});
