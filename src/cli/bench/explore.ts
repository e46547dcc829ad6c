/** How many states an exhaustive exploration sees: different ones, each judged by the properties. */
import { openModel } from '../../hunt/explore-model.ts';
import { openExploration } from '../../hunt/explore.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { shippedText } from '../scenario-input.ts';
import { figureOf, type Figure } from './figure.ts';
import { medianOf } from './measure.ts';

const MODEL = 'models/two-writers';

/** By the time of the processor, as TLC's figures are given: what else the machine does, and which of its cores, does not count. */
export function measureStates(states: number, repetitions: number): Figure {
  const scenario = parseScenario(shippedText(MODEL), MODEL);
  const sample = medianOf(repetitions, 0, () => {
    const { search, slices } = openExploration(openModel(scenario, { mode: 'fine' }, { states }));
    const start = process.cpuUsage();
    for (const _ of slices);
    const { user, system } = process.cpuUsage(start);
    return (search.seen.size / (user + system)) * 1_000_000;
  });
  return figureOf('states-fine', sample);
}
