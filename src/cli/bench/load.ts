/** The ensemble that everything is measured on: five servers, five clients that keep twenty writes each on their way. */
import { makeEnsemble, type Ensemble } from '../../ensemble/ensemble.ts';
import { WRITE_LOAD, writeLoadSpec } from '../../hunt/write-load.ts';
import { runNext } from '../../kernel/run.ts';
import type { Mode, World } from '../../kernel/world.ts';

/** Nothing has happened yet. Each client writes to so many znodes of its own. */
export function makeLoaded(mode: Mode, znodes = WRITE_LOAD.znodes): Ensemble {
  return makeEnsemble(writeLoadSpec({ ...WRITE_LOAD, znodes }, { mode }));
}

/** Runs until so many writes are answered: past the election, and the creation of all znodes when it is that many. */
export function settle({ world }: Ensemble, writes: number): void {
  for (let answered = 0; answered < writes && runNext(world);) answered += answersIn(world);
}

/** Writes that have come back to their clients with the event just run. */
export function answersIn({ record }: World): number {
  let answers = 0;
  for (const note of record.notes) if (note.type === 'client-returned' && 'error' in note && note.error === 'OK') answers += 1;
  return answers;
}
