/** zkCli's setquota, listquota and delquota, with the requests that SetQuotaCommand, ListQuotaCommand and DelQuotaCommand make (G6). */
import { utf8OfBytes, type Bytes } from '../base/bytes.ts';
import { copyTable, makeTable } from '../base/table.ts';
import { OPEN_ACL_UNSAFE, type ErrorCode } from '../server/protocol.ts';
import { limitsPath, parseStats, statsPath, statsText } from '../server/quota.ts';
import type { ClientOperation, QuotaLimit } from './items.ts';
import type { Program, SequenceOutcome, Told } from './sequence.ts';
import { childrenOf, failed, visitSubTree } from './tree-commands.ts';

export const QUOTA_ROOT = '/zookeeper/quota';
const LIMITS = 'zookeeper_limits';

/** setquota has no quota for the root: its quota node would end in a slash. */
export function* setQuota(path: string, limit: QuotaLimit, value: number): Program {
  const { error } = yield exists(path);
  if (error !== 'OK') return failed(error);
  const other = (yield* quotaBelow(path)) ?? (yield* quotaAbove(path));
  if (other !== null) return other;
  const made = yield* makeQuotaNodes(path);
  if (made !== null) return failed(made);
  const there = yield exists(limitsPath(path));
  if (there.error === 'NONODE') return yield* createQuota(path, limit, value);
  return there.error === 'OK' ? yield* changeQuota(path, limit, value) : failed(there.error);
}

function exists(path: string): ClientOperation {
  return { op: 'exists', path, watch: false };
}

function create(path: string, data: Bytes | null): ClientOperation {
  return { op: 'create', path, data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' };
}

/** checkIfChildQuota. */
function* quotaBelow(path: string): Program<SequenceOutcome | null> {
  const own = QUOTA_ROOT + path;
  const end = yield* visitSubTree(own, false, function* look(at) {
    const children = yield* childrenOf(at, 'getChildren');
    if (at === own || typeof children === 'string' || !children.includes(LIMITS)) return null;
    return otherQuota('child', at);
  });
  return end?.error === 'NONODE' ? null : end;
}

/** checkIfParentQuota. */
function* quotaAbove(path: string): Program<SequenceOutcome | null> {
  let at = QUOTA_ROOT;
  for (const name of path.split('/').slice(1, -1)) {
    at += `/${name}`;
    const children = yield* childrenOf(at, 'getChildren');
    if (children === 'NONODE' || children.length === 0) return null;
    if (typeof children === 'string') return failed(children);
    if (children.includes(LIMITS)) return otherQuota('parent', at);
  }
  return null;
}

function otherQuota(where: 'parent' | 'child', at: string): SequenceOutcome {
  return { error: 'BADARGUMENTS', told: [{ key: 'other-quota', where, path: at.slice(QUOTA_ROOT.length) }] };
}

/** The nodes from /zookeeper/quota down to the quota's own. */
function* makeQuotaNodes(path: string): Program<ErrorCode | null> {
  let at = QUOTA_ROOT;
  const { error } = yield exists(at);
  if (error !== 'OK') return error;
  for (const name of path.split('/').slice(1)) {
    at += `/${name}`;
    const there = yield exists(at);
    if (there.error === 'OK') continue;
    if (there.error !== 'NONODE') return there.error;
    const made = yield create(at, null);
    if (made.error !== 'OK' && made.error !== 'NODEEXISTS') return made.error;
  }
  return null;
}

/** StatsTrack as a client uses it: names and values, all that the text says (QUOTA-07). */
type Track = ReadonlyMap<string, number>;

const NO_LIMITS: Track = makeTable([
  ['count', -1],
  ['bytes', -1],
  ['countHardLimit', -1],
  ['byteHardLimit', -1],
]);

function withLimit(track: Track, limit: QuotaLimit, value: number): Track {
  return copyTable(track).set(limit, value);
}

function limitOf(track: Track, limit: QuotaLimit): number {
  return track.get(limit) ?? -1;
}

function bytesOfTrack(track: Track): Bytes {
  return statsText(limitOf(track, 'count'), limitOf(track, 'bytes'), track);
}

function* createQuota(path: string, limit: QuotaLimit, value: number): Program {
  for (const operation of [
    create(limitsPath(path), bytesOfTrack(withLimit(NO_LIMITS, limit, value))),
    create(statsPath(path), statsText(0, 0)),
  ]) {
    const { error } = yield operation;
    if (error !== 'OK') return failed(error);
  }
  const limits = yield* trackAt(limitsPath(path));
  if (typeof limits === 'string') return failed(limits);
  const usage = yield* trackAt(statsPath(path));
  return typeof usage === 'string' ? failed(usage) : { error: 'OK', told: beyond(limits, usage) };
}

function* changeQuota(path: string, limit: QuotaLimit, value: number): Program {
  const before = yield* trackAt(limitsPath(path));
  if (typeof before === 'string') return failed(before);
  const limits = withLimit(before, limit, value);
  const usage = yield* trackAt(statsPath(path));
  if (typeof usage === 'string') return failed(usage);
  const { error } = yield setLimits(path, limits);
  return { error, told: beyond(limits, usage) };
}

function setLimits(path: string, limits: Track): ClientOperation {
  return { op: 'setData', path: limitsPath(path), data: bytesOfTrack(limits), version: -1 };
}

/** SetQuotaCommand.checkQuota: a warning only. */
function beyond(limits: Track, usage: Track): Told[] {
  const told: Told[] = [];
  for (const [limit, hard] of [
    ['count', 'countHardLimit'],
    ['bytes', 'byteHardLimit'],
  ] as const) {
    const used = limitOf(usage, limit);
    const isBeyond = [limitOf(limits, limit), limitOf(limits, hard)].some((most) => most > -1 && most < used);
    if (isBeyond) told.push({ key: 'beyond-quota', limit, usage: used });
  }
  return told;
}

/** Text that is no StatsTrack, which anybody may write there, is BADARGUMENTS. */
function* trackAt(path: string): Program<Track | ErrorCode> {
  const { error, result } = yield { op: 'getData', path, watch: false };
  if (error !== 'OK') return error;
  return parseStats(result?.op === 'getData' ? result.data : null)?.said ?? 'BADARGUMENTS';
}

export function* listQuota(path: string): Program {
  const limits = yield* trackAt(limitsPath(path));
  if (typeof limits === 'string') return noQuota(limits, path);
  const usage = yield* trackAt(statsPath(path));
  if (typeof usage === 'string') return noQuota(usage, path);
  return { error: 'OK', told: [{ key: 'quota', limits: utf8OfBytes(bytesOfTrack(limits)), usage: utf8OfBytes(bytesOfTrack(usage)) }] };
}

function noQuota(error: ErrorCode, path: string): SequenceOutcome {
  return { error, told: error === 'NONODE' ? [{ key: 'no-quota', path }] : [] };
}

export function* delQuota(path: string, limit: QuotaLimit | null): Program {
  const own = QUOTA_ROOT + path;
  const there = yield exists(limitsPath(path));
  if (there.error === 'NONODE') return { error: 'OK', told: [{ key: 'no-quota', path }] };
  if (there.error !== 'OK') return failed(there.error);
  const limits = yield* trackAt(limitsPath(path));
  if (typeof limits === 'string') return noQuota(limits, path);
  if (limit !== null) {
    const { error } = yield setLimits(path, withLimit(limits, limit, -1));
    return noQuota(error, path);
  }
  const children = yield* childrenOf(own, 'getChildren');
  if (typeof children === 'string') return noQuota(children, path);
  for (const name of children) {
    const { error } = yield { op: 'delete', path: `${own}/${name}`, version: -1 };
    if (error !== 'OK') return noQuota(error, path);
  }
  return noQuota(yield* trimQuotaNodes(own), path);
}

/** trimProcQuotas: upwards, as long as nothing is left. */
function* trimQuotaNodes(own: string): Program<ErrorCode> {
  for (let at = own; at !== QUOTA_ROOT; at = at.slice(0, at.lastIndexOf('/'))) {
    const children = yield* childrenOf(at, 'getChildren');
    if (typeof children === 'string') return children;
    if (children.length > 0) return 'OK';
    const { error } = yield { op: 'delete', path: at, version: -1 };
    if (error !== 'OK') return error;
  }
  return 'OK';
}
