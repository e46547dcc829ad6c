// What is compared, and on which ensembles.

import { acls, auths, permissions } from './cases/acl.ts';
import { creates, paths } from './cases/create.ts';
import { fresh } from './cases/fresh.ts';
import { bodies, frames, greetings, types } from './cases/malformed.ts';
import { multiReads, multis, multisAlone } from './cases/multi.ts';
import { deletes, reads, writes } from './cases/nodes.ts';
import { enforced, quotas } from './cases/quota.ts';
import { connects, expiries } from './cases/sessions.ts';
import { failovers, lags, moves, observers } from './cases/servers.ts';
import { ttls } from './cases/ttl.ts';
import { refusedWords, words } from './cases/words.ts';
import { persistent, removals, resets, triggers } from './cases/watches.ts';
import type { Role, SetupName } from './setups.ts';
import type { Case } from './stage.ts';

export interface Subject {
  readonly name: string;
  readonly on: readonly SetupName[];
  readonly cases: readonly Case[];
}

/** Also through a follower: the same request takes another way, to the same answer. */
const both = ['standalone', 'three'] as const;

export const SUBJECTS: readonly Subject[] = [
  // First, for some of them count what others leave.
  { name: 'words', on: ['open', 'three'], cases: words },
  { name: 'create', on: both, cases: creates },
  { name: 'paths', on: both, cases: paths },
  { name: 'delete', on: both, cases: deletes },
  { name: 'writes', on: both, cases: writes },
  { name: 'reads', on: both, cases: reads },
  { name: 'multi', on: both, cases: multis },
  { name: 'multi-alone', on: ['standalone'], cases: multisAlone },
  { name: 'multi-read', on: both, cases: multiReads },
  { name: 'watch-triggers', on: both, cases: triggers },
  { name: 'persistent-watches', on: both, cases: persistent },
  { name: 'watch-removal', on: both, cases: removals },
  { name: 'set-watches', on: both, cases: resets },
  { name: 'permissions', on: both, cases: permissions },
  { name: 'acl', on: both, cases: acls },
  { name: 'auth', on: both, cases: auths },
  { name: 'quota', on: both, cases: quotas },
  { name: 'quota-enforced', on: ['open'], cases: enforced },
  { name: 'ttl', on: ['open'], cases: ttls },
  { name: 'connect', on: both, cases: connects },
  { name: 'expiry', on: both, cases: expiries },
  { name: 'frames', on: both, cases: frames },
  { name: 'greetings', on: both, cases: greetings },
  { name: 'bodies', on: both, cases: bodies },
  { name: 'types', on: both, cases: types },
  { name: 'refused-words', on: ['standalone'], cases: refusedWords },
  { name: 'fresh', on: ['fresh'], cases: fresh },
  { name: 'moves', on: ['three'], cases: moves },
  { name: 'lags', on: ['three'], cases: lags },
  { name: 'observer', on: ['observer'], cases: observers },
  { name: 'failover', on: ['failover'], cases: failovers },
];

export function subjectsOn(setup: SetupName): Subject[] {
  return SUBJECTS.filter(({ on }) => on.includes(setup));
}

/** Clients of an ensemble connect to a follower unless they say so: it has the longest way. */
export function homeOf(setup: SetupName): Role {
  return setup === 'three' || setup === 'failover' ? 'follower' : setup === 'observer' ? 'observer' : 'alone';
}
