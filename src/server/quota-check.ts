/** ZooKeeperServer.checkQuota: would a write go beyond the limits of its nearest quota (QUOTA-05, QUOTA-06)? */
import { bytesLength, type Bytes } from '../base/bytes.ts';
import type { ServerContext } from './context.ts';
import { nodeAt } from './data-tree.ts';
import { limitsPath, parseStats, quotaPrefix, statsPath } from './quota.ts';

/** What has been applied counts, not what is pending. Limits or usage that cannot be read are Java's unexpected exception (PIPE-13). */
export function quotaExceeded(
  ctx: ServerContext,
  path: string,
  before: Bytes | null,
  after: Bytes | null,
  countDiff: number,
): 'OK' | 'QUOTAEXCEEDED' | 'MARSHALLINGERROR' {
  if (!ctx.config.enforceQuota) return 'OK';
  const { parts, refs } = ctx;
  const prefix = quotaPrefix(parts, refs, path);
  const limits = prefix === null ? null : nodeAt(parts, refs, limitsPath(prefix));
  if (prefix === null || limits === null) return 'OK';
  const limit = parseStats(limits.data);
  if (limit === null) return 'MARSHALLINGERROR';
  const bytesDiff = lengthOf(after) - lengthOf(before);
  const checksCount = countDiff !== 0 && (limit.count > -1 || limit.countHardLimit > -1);
  const checksBytes = bytesDiff !== 0 && (limit.bytes > -1 || limit.byteHardLimit > -1);
  const stats = checksCount || checksBytes ? nodeAt(parts, refs, statsPath(prefix)) : null;
  if (stats === null) return 'OK';
  const usage = parseStats(stats.data);
  if (usage === null) return 'MARSHALLINGERROR';
  const isOver =
    (checksCount && exceeds(ctx, prefix, 'count', usage.count + countDiff, limit.count, limit.countHardLimit)) ||
    (checksBytes && exceeds(ctx, prefix, 'bytes', usage.bytes + bytesDiff, limit.bytes, limit.byteHardLimit));
  return isOver ? 'QUOTAEXCEEDED' : 'OK';
}

/** A hard limit stands in for the soft one, which is only told of. */
function exceeds(ctx: ServerContext, path: string, of: 'count' | 'bytes', value: number, soft: number, hard: number): boolean {
  const isHard = hard > -1;
  const limit = isHard ? hard : soft;
  if (value <= limit) return false;
  if (ctx.traced) ctx.note({ type: 'quota-exceeded', path, of, value, limit, isHard });
  return isHard;
}

function lengthOf(data: Bytes | null): number {
  return data === null ? 0 : bytesLength(data);
}
