/** How long a fork takes: a whole world with its data, its events still to come and its clients. */
import { forkEnsemble } from '../../ensemble/ensemble.ts';
import { runNext } from '../../kernel/run.ts';
import { figureOf, type Figure } from './figure.ts';
import { makeLoaded, settle } from './load.ts';
import { quantile, timed } from './measure.ts';

const ZNODES_EACH = 200;

/** Between two forks the world goes on by an event, as it does for whoever forks. The first half warms up. */
export function measureFork(forks: number): Figure {
  const ensemble = makeLoaded('fine', ZNODES_EACH);
  settle(ensemble, ensemble.clients.length * ZNODES_EACH);
  const times: number[] = [];
  for (let i = 0; i < forks; i++) {
    runNext(ensemble.world);
    times.push(timed(() => void forkEnsemble(ensemble)) * 1000);
  }
  return figureOf('fork', { value: quantile(times.slice(Math.floor(forks / 2)), 0.5), runs: [] });
}
