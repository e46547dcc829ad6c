/** A run with what somebody did to it at the page: each click after its event, and then the rest of the run. */
import { actOn, type Ensemble } from '../ensemble/ensemble.ts';
import { runNext } from '../kernel/run.ts';
import { InputError } from '../scenario/input-error.ts';
import { actionsOfLine } from '../scenario/one-line.ts';
import { slicesOf, type Run } from '../scenario/run-scenario.ts';
import type { Click } from './link.ts';

/** In slices of so many events. Throws InputError for a click that cannot be done. */
export function* clickedSlices(
  run: Run,
  clicks: readonly Click[],
  eventsMax: number,
  onEvent?: (ensemble: Ensemble) => void,
): Generator<void> {
  const { ensemble, companion } = run;
  const { world } = ensemble;
  world.observe = () => {
    companion.onEvent(ensemble);
    onEvent?.(ensemble);
  };
  for (const { after, at, line } of clicks) {
    while (world.events < after && runNext(world)) if (world.events % eventsMax === 0) yield;
    if (world.events !== after) {
      throw new InputError(
        { file: 'link', line: 0, column: 0 },
        `found a click after event ${after}, expected one after event ${world.events} or later`,
      );
    }
    const call = after + 1; // the click's own event, as for the calls of a script
    for (const action of actionsOfLine(ensemble, line, call)) actOn(ensemble, action, at);
  }
  yield* slicesOf(run, eventsMax, onEvent);
}
