// A run of one of the page's scenarios, stopped at an event, as the page's worker sees it.

import { readFileSync } from 'node:fs';
import type { Frame, Want } from '../../src/view/frame.ts';
import type { Destination } from '../../web/protocol.ts';
import { frameAt, moveTo, openSession, replayClicks, type Session } from '../../web/worker/session.ts';

export const NOTHING: Want = { logColumns: 0, tree: -1, inspector: 'none', list: null, console: -1, properties: false, marksFrom: -1 };

/** Everything that a picture can hold. */
export const ALL: Want = {
  logColumns: 50,
  tree: 0,
  inspector: 'cursor',
  list: { mode: 'all', first: 'cursor', count: 20 },
  console: 3,
  properties: true,
  marksFrom: 0,
};

export function scenarioText(id: string): string {
  return readFileSync(`scenarios/${id}.yaml`, 'utf8');
}

export function sessionAt(id: string, event: number, seed: string | null = null): Session {
  const session = openSession(scenarioText(id), `${id}.yaml`, seed);
  replayClicks(session, [], event, () => {});
  return session;
}

/** Steps until the predicate holds of the picture. */
export function stepUntil(
  session: Session,
  isThere: (frame: Frame) => boolean,
  want = NOTHING,
  step: Destination = { step: 1, node: -1 },
): Frame {
  for (let steps = 0; steps < 5000; steps++) {
    const frame = frameAt(session, want);
    if (isThere(frame)) return frame;
    moveTo(session, step);
  }
  throw new Error('it never came to that');
}
