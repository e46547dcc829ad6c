import { expect, test } from 'vitest';
import { makeZxid } from '../../src/base/zxid.ts';
import type { LearnerHandlerState } from '../../src/zab/leader-state.ts';
import { isWithinLimit, startLimit, updateAck, updateProposal } from '../../src/zab/sync-limit-check.ts';
import { addHandler, handlerOf, makeLeaderContext } from '../support/leader-context.ts';

const z = makeZxid;

function started(): LearnerHandlerState {
  const ctx = makeLeaderContext();
  const handler = handlerOf(ctx, addHandler(ctx, 2));
  startLimit(handler);
  return handler;
}

test('before the NEWLEADER ack no proposal is timed [BCAST-20]', () => {
  const ctx = makeLeaderContext();
  const handler = handlerOf(ctx, addHandler(ctx, 2));
  updateProposal(handler, z(1, 1), 5);
  expect(isWithinLimit(handler, 1_000_000, 10)).toBe(true);
});

test('the oldest unacknowledged proposal must be younger than the limit [BCAST-20]', () => {
  const handler = started();
  updateProposal(handler, z(1, 1), 5);
  updateProposal(handler, z(1, 2), 7);
  expect(isWithinLimit(handler, 14, 10)).toBe(true);
  expect(isWithinLimit(handler, 15, 10)).toBe(false);
});

test('its ack makes the latest proposal the one that is timed, with those between forgotten [BCAST-20]', () => {
  const handler = started();
  updateProposal(handler, z(1, 1), 5);
  updateProposal(handler, z(1, 2), 7);
  updateProposal(handler, z(1, 3), 9);
  updateAck(handler, z(1, 1));
  expect(handler).toMatchObject({ limitZxid: z(1, 3), limitTime: 9, limitNextZxid: 0 });
  updateAck(handler, z(1, 2));
  updateAck(handler, z(1, 3));
  expect(isWithinLimit(handler, 1_000, 10)).toBe(true);
});

test('an ack of the latest before the oldest clears the latest only [BCAST-20]', () => {
  const handler = started();
  updateProposal(handler, z(1, 1), 5);
  updateProposal(handler, z(1, 2), 7);
  updateAck(handler, z(1, 2));
  expect(handler).toMatchObject({ limitZxid: z(1, 1), limitNextZxid: 0 });
});
