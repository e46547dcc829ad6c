/** Every mutation, in the order of the catalogue, which is also the order in which their edits are applied. */
import { ackBeforeFsync } from './ack-before-fsync.ts';
import { childLostOnReplay } from './child-lost-on-replay.ts';
import { clientForgetsZxid } from './client-forgets-zxid.ts';
import { commitWithMinority } from './commit-with-minority.ts';
import { databaseKeptAfterLogFailure } from './database-kept-after-log-failure.ts';
import { ephemeralsNotDeleted } from './ephemerals-not-deleted.ts';
import { epochFrozenBeforeFile } from './epoch-frozen-before-file.ts';
import { eventAfterReply } from './event-after-reply.ts';
import { firstSnapshotNotFsynced } from './first-snapshot-not-fsynced.ts';
import { followerClockExpiry } from './follower-clock-expiry.ts';
import { leaderAppliesOnPropose } from './leader-applies-on-propose.ts';
import { logBeforePropose } from './log-before-propose.ts';
import { logKeptBeyondSnapshot } from './log-kept-beyond-snapshot.ts';
import { logReadAcrossHoles } from './log-read-across-holes.ts';
import { herdLock } from './herd-lock.ts';
import { fsyncLies } from './fsync-lies.ts';
import { lossyChannel } from './lossy-channel.ts';
import { leadWhenWoken } from './lead-when-woken.ts';
import { leaveAtOnce } from './leave-at-once.ts';
import { lockWithoutFencing } from './lock-without-fencing.ts';
import { retryDuplicates } from './retry-duplicates.ts';
import { takeWhenRead } from './take-when-read.ts';
import type { Mutation } from './mutation.ts';
import { newerEpochIgnored } from './newer-epoch-ignored.ts';
import { noAheadCheck } from './no-ahead-check.ts';
import { noDiscovery } from './no-discovery.ts';
import { noLastzxidCheck } from './no-lastzxid-check.ts';
import { noStepdown } from './no-stepdown.ts';
import { outOfOrderCommit } from './out-of-order-commit.ts';
import { drainAfterFastForward } from './drain-after-fast-forward.ts';
import { pr1848 } from './pr-1848.ts';
import { pr1930 } from './pr-1930.ts';
import { pr1993 } from './pr-1993.ts';
import { pr2111 } from './pr-2111.ts';
import { recoveredLogNotFsynced } from './recovered-log-not-fsynced.ts';
import { rolledLogNotFsynced } from './rolled-log-not-fsynced.ts';
import { sessionMovedUnchecked } from './session-moved-unchecked.ts';
import { sessionOwnedByServer } from './session-owned-by-server.ts';
import { snapshotNamedAtEnd } from './snapshot-named-at-end.ts';
import { snapshotOverwritesItsLike } from './snapshot-overwrites-its-like.ts';
import { snapshotReadUncommitted } from './snapshot-read-uncommitted.ts';
import { truncSnapshotNotFsynced } from './trunc-snapshot-not-fsynced.ts';
import { truncationAcrossEpochs } from './truncation-across-epochs.ts';
import { truncationKeepsNextLarger } from './truncation-keeps-next-larger.ts';
import { voteWithoutEpoch } from './vote-without-epoch.ts';
import { watchAfterRead } from './watch-after-read.ts';
import { watchNotRearmed } from './watch-not-rearmed.ts';
import { zookeeper1090 } from './zookeeper-1090.ts';
import { zookeeper1154 } from './zookeeper-1154.ts';
import { zookeeper1156 } from './zookeeper-1156.ts';
import { zookeeper1208 } from './zookeeper-1208.ts';
import { zookeeper1277 } from './zookeeper-1277.ts';
import { zookeeper1282 } from './zookeeper-1282.ts';
import { zookeeper1343 } from './zookeeper-1343.ts';
import { zookeeper1367 } from './zookeeper-1367.ts';
import { zookeeper1412 } from './zookeeper-1412.ts';
import { zookeeper1419 } from './zookeeper-1419.ts';
import { zookeeper1496 } from './zookeeper-1496.ts';
import { zookeeper1514 } from './zookeeper-1514.ts';
import { zookeeper1549 } from './zookeeper-1549.ts';
import { zookeeper1653 } from './zookeeper-1653.ts';
import { zookeeper1863 } from './zookeeper-1863.ts';
import { zookeeper2307 } from './zookeeper-2307.ts';
import { zookeeper2325 } from './zookeeper-2325.ts';
import { zookeeper2355 } from './zookeeper-2355.ts';
import { zookeeper2418 } from './zookeeper-2418.ts';
import { zookeeper2684 } from './zookeeper-2684.ts';
import { zookeeper2845 } from './zookeeper-2845.ts';
import { zookeeper2926 } from './zookeeper-2926.ts';
import { zookeeper3023 } from './zookeeper-3023.ts';
import { zookeeper3104 } from './zookeeper-3104.ts';
import { zookeeper3125 } from './zookeeper-3125.ts';
import { zookeeper3127 } from './zookeeper-3127.ts';
import { zookeeper335 } from './zookeeper-335.ts';
import { zookeeper3598 } from './zookeeper-3598.ts';
import { zookeeper3642 } from './zookeeper-3642.ts';
import { zookeeper3701 } from './zookeeper-3701.ts';
import { zookeeper3911 } from './zookeeper-3911.ts';
import { zookeeper4394 } from './zookeeper-4394.ts';
import { zookeeper4466 } from './zookeeper-4466.ts';
import { zookeeper4471 } from './zookeeper-4471.ts';
import { zookeeper4475 } from './zookeeper-4475.ts';
import { zookeeper4508 } from './zookeeper-4508.ts';
import { zookeeper4537 } from './zookeeper-4537.ts';
import { zookeeper4643 } from './zookeeper-4643.ts';
import { zookeeper4646 } from './zookeeper-4646.ts';
import { zookeeper4655 } from './zookeeper-4655.ts';
import { zookeeper4685 } from './zookeeper-4685.ts';
import { zookeeper4712 } from './zookeeper-4712.ts';
import { zookeeper4799 } from './zookeeper-4799.ts';
import { zookeeper4925 } from './zookeeper-4925.ts';
import { zookeeper5094 } from './zookeeper-5094.ts';
import { zookeeper962 } from './zookeeper-962.ts';
import { zookeeper975 } from './zookeeper-975.ts';
import { zookeeper2678 } from './zookeeper-2678.ts';
import { zookeeper2872 } from './zookeeper-2872.ts';
import { zookeeper2590 } from './zookeeper-2590.ts';
import { zookeeper1319 } from './zookeeper-1319.ts';
import { zookeeper2959 } from './zookeeper-2959.ts';
import { zookeeper1573 } from './zookeeper-1573.ts';
import { broadcastToAckedOnly } from './broadcast-to-acked-only.ts';
import { uptodateCommitPoint } from './uptodate-commit-point.ts';
import { release380 } from './release-3-8-0.ts';
import { zookeeper2623 } from './zookeeper-2623.ts';
import { zookeeper4026 } from './zookeeper-4026.ts';
import { zookeeper4915 } from './zookeeper-4915.ts';
import { zookeeper4240 } from './zookeeper-4240.ts';
import { zookeeper4743 } from './zookeeper-4743.ts';
import { reconfigWithoutHeader } from './reconfig-without-header.ts';
import { deleteContainerUndecoded } from './delete-container-undecoded.ts';

export const MUTATIONS: readonly Mutation[] = [
  zookeeper3911,
  zookeeper4646,
  zookeeper4643,
  zookeeper4685,
  zookeeper4394,
  zookeeper3023,
  zookeeper2845,
  zookeeper4712,
  drainAfterFastForward,
  zookeeper3642,
  zookeeper5094,
  zookeeper3104,
  zookeeper2355,
  zookeeper3598,
  zookeeper1282,
  zookeeper962,
  zookeeper4925,
  zookeeper2678,
  zookeeper2872,
  pr1848,
  pr1930,
  pr1993,
  pr2111,
  zookeeper1319,
  zookeeper1154,
  zookeeper1156,
  zookeeper1549,
  zookeeper3701,
  zookeeper2325,
  zookeeper2418,
  zookeeper335,
  zookeeper1343,
  zookeeper1653,
  zookeeper2307,
  zookeeper1419,
  zookeeper1514,
  zookeeper1277,
  zookeeper975,
  zookeeper2959,
  zookeeper1208,
  zookeeper1496,
  zookeeper1367,
  zookeeper2926,
  zookeeper1090,
  zookeeper3127,
  zookeeper3125,
  zookeeper1573,
  snapshotNamedAtEnd,
  zookeeper1863,
  zookeeper1412,
  zookeeper4537,
  zookeeper2684,
  zookeeper4508,
  zookeeper4466,
  zookeeper4471,
  zookeeper4475,
  zookeeper4655,
  zookeeper4799,
  zookeeper2590,
  zookeeper2623,
  release380,
  zookeeper4026,
  zookeeper4240,
  zookeeper4743,
  zookeeper4915,
  deleteContainerUndecoded,
  reconfigWithoutHeader,
  truncSnapshotNotFsynced,
  firstSnapshotNotFsynced,
  snapshotOverwritesItsLike,
  recoveredLogNotFsynced,
  rolledLogNotFsynced,
  logReadAcrossHoles,
  databaseKeptAfterLogFailure,
  epochFrozenBeforeFile,
  newerEpochIgnored,
  childLostOnReplay,
  sessionOwnedByServer,
  logKeptBeyondSnapshot,
  truncationKeepsNextLarger,
  truncationAcrossEpochs,
  ackBeforeFsync,
  commitWithMinority,
  outOfOrderCommit,
  voteWithoutEpoch,
  uptodateCommitPoint,
  broadcastToAckedOnly,
  lossyChannel,
  fsyncLies,
  noDiscovery,
  noStepdown,
  leaderAppliesOnPropose,
  ephemeralsNotDeleted,
  noLastzxidCheck,
  watchAfterRead,
  eventAfterReply,
  watchNotRearmed,
  followerClockExpiry,
  sessionMovedUnchecked,
  snapshotReadUncommitted,
  noAheadCheck,
  retryDuplicates,
  herdLock,
  lockWithoutFencing,
  leadWhenWoken,
  takeWhenRead,
  leaveAtOnce,
  logBeforePropose,
  clientForgetsZxid,
];

/** By id, slug or letter, in any case; null when there is none. */
export function findMutation(name: string): Mutation | null {
  const wanted = name.toLowerCase();
  return (
    MUTATIONS.find(({ id, slug, letter, issues }) =>
      [id, slug, letter, ...issues.map((n) => `zookeeper-${n}`)].some((known) => known.toLowerCase() === wanted),
    ) ?? null
  );
}

/** The mutations in the catalogue's order, each once. */
export function inCatalogueOrder(mutations: readonly Mutation[]): Mutation[] {
  return MUTATIONS.filter((mutation) => mutations.includes(mutation));
}
