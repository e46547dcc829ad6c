/** What an end of an exploration looks like from outside: the same text for the same outcome, however it came about. */
import { zxidText } from '../base/zxid.ts';
import { serverView } from '../ensemble/views.ts';
import type { Model } from './explore-model.ts';
import type { Spent } from './explore-spent.ts';

export function outcomeOf({ run }: Model, { results }: Spent): string {
  const servers = run.ensemble.servers.map(({ node }) => {
    const { name, power, state, currentEpoch, lastProcessedZxid, lastLoggedZxid, digest } = serverView(run.ensemble, node);
    if (power !== 'up') return `${name} ${power}, log ${zxidText(lastLoggedZxid)}`;
    return `${name} ${state} in epoch ${currentEpoch}, log ${zxidText(lastLoggedZxid)}, tree ${zxidText(lastProcessedZxid)} ${digest}`;
  });
  return [...servers, ...results].join('; ');
}
