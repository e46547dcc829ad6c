/** A recorded session again, as fast as it goes: the same inputs after the same events give the same trace, or something has changed. */
import { hashText } from '../base/hash.ts';
import { actOn } from '../ensemble/ensemble.ts';
import { runUntil } from '../kernel/run.ts';
import { InputError } from '../scenario/input-error.ts';
import { nodesOf } from './session-action.ts';
import { openSession, type Session } from './session-file.ts';

export interface SessionReplay {
  readonly events: number;
  readonly inputs: number;
  readonly virtualUs: number;
  readonly traceHash: string;
  /** What the file says the hash was; null where its recording has no end. */
  readonly expected: string | null;
}

const SLICE = 100_000;

/** In slices, for whoever has to look up now and then. */
export function* replaySession(session: Session, file: string): Generator<number, SessionReplay> {
  const { ensemble } = openSession(session.head);
  const { world } = ensemble;
  const runTo = function* (events: number, line: number): Generator<number> {
    while (world.events < events) {
      const ran = runUntil(world, Infinity, Math.min(SLICE, events - world.events));
      if (ran === 0) {
        throw new InputError(
          { file, line, column: 1 },
          `found event ${events}, but the run ends at event ${world.events}: it was recorded by another version`,
        );
      }
      yield world.events;
    }
  };
  for (const [i, { after, at, action }] of session.inputs.entries()) {
    yield* runTo(after, i + 2);
    if (action.type === 'choose') continue;
    const strange = nodesOf(action).find((node) => node >= world.nodes.length);
    if (strange !== undefined) {
      const expected = `expected one of the ${world.nodes.length} that are served`;
      throw new InputError({ file, line: i + 2, column: 1 }, `found node ${strange} in an input, ${expected}`);
    }
    actOn(ensemble, action, at);
  }
  if (session.end !== null) yield* runTo(session.end.events, session.inputs.length + 2);
  return {
    events: world.events,
    inputs: session.inputs.length,
    virtualUs: world.now - session.head.startUs,
    traceHash: hashText(world.hash),
    expected: session.end?.traceHash ?? null,
  };
}
