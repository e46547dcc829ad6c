/** Values: coarse mode, the first seeds, a constant latency, plainer operations. */
import { VERBS } from '../scenario/lines.ts';
import { isValues, linesOf, textOf, verbOf, withKey, withLine, type Values } from './shrink-document.ts';
import { accepts, acceptsOneOf, FIRST_SEEDS, type Shrinking } from './shrinking.ts';

export function* coarseMode(shrinking: Shrinking): Generator<void> {
  const { best } = shrinking;
  if (best['mode'] !== 'coarse') yield* accepts(shrinking, { ...best, mode: 'coarse' });
}

export function* plainSeed(shrinking: Shrinking): Generator<void> {
  const { best } = shrinking;
  const seed = textOf(best['seed']) ?? '1';
  if (FIRST_SEEDS.includes(seed)) return;
  yield* acceptsOneOf(
    shrinking,
    FIRST_SEEDS.map((each) => withKey(best, 'seed', each)),
  );
}

export function* constantLatency(shrinking: Shrinking): Generator<void> {
  const { best } = shrinking;
  const { network } = best;
  const latency = isValues(network) ? (textOf(network['latency']) ?? '') : '';
  if (!latency.includes('..') || !isValues(network)) return;
  yield* acceptsOneOf(
    shrinking,
    ['1ms', latency.split('..')[0] ?? ''].map((each) => withKey(best, 'network', { ...network, latency: each })),
  );
}

/** What an operation may be instead: fewer words, or another of which there is nothing to tell. */
export function* plainerOperations(shrinking: Shrinking): Generator<void> {
  for (let i = 0; i < linesOf(shrinking.best).length; i++) {
    const line = linesOf(shrinking.best)[i];
    const verb = line === undefined ? '' : verbOf(line);
    const operation = line === undefined || VERBS.includes(verb) ? null : textOf(line[verb]);
    if (line === undefined || operation === null) continue;
    yield* acceptsOneOf(
      shrinking,
      plainerOf(operation).map((each) => withLine(shrinking.best, i, withOperation(line, verb, each))),
    );
  }
}

function withOperation(line: Values, verb: string, operation: string): Values {
  return Object.fromEntries(Object.entries(line).map(([key, value]) => [key, key === verb ? operation : value]));
}

function plainerOf(operation: string): string[] {
  const [name = '', ...words] = operation.split(/\s+/);
  const path = words.find((word) => word.startsWith('/')) ?? '/a';
  const plain = ['create /a', `${name} ${path}`, `create ${path}`];
  const inner = /^multi(?:read)? \{ (.*?);?(?: |;).*\}$/.exec(operation);
  return [...plain, ...(inner?.[1] === undefined ? [] : [inner[1]])].filter((each) => each.length < operation.length);
}
