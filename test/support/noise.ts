// Counterexamples as a hunt writes them, made from the scenarios of bugs: every line at its time, and lines between them that the bug does not need.

import { draw, makeKey, streamOf } from '../../src/base/draw.ts';
import { notesOf } from '../../src/ensemble/note.ts';
import { isActing, isValues, linesOf, verbOf, type Values } from '../../src/hunt/shrink-document.ts';
import { formatDuration } from '../../src/scenario/duration.ts';
import { VERBS } from '../../src/scenario/lines.ts';
import { expectedViolations } from '../../src/scenario/outcome.ts';
import { scenarioOfPlain } from '../../src/scenario/parse-scenario.ts';
import { openRun, resultOf, runToEnd, slicesOf } from '../../src/scenario/run-scenario.ts';
import { scenarioText } from '../../src/scenario/scenario-text.ts';
import { readYaml } from '../../src/scenario/yaml-text.ts';

/** A line with its time, virtual microseconds. */
type Timed = readonly [at: number, line: Values];

/** The acting lines of the script with the times at which they ran, and when the violation came; null where times alone do not bring it about. */
function timedScript(document: Values): { readonly lines: readonly Timed[]; readonly violatedAt: number } {
  const run = openRun(scenarioOfPlain(document, 'timed'));
  const { world } = run.ensemble;
  const entered: number[] = [];
  const slices = slicesOf(run, Infinity, () => {
    for (const note of notesOf(world.record)) if (note.type === 'script' && note.what === 'entered') entered[note.line] = world.now;
  });
  while (slices.next().done !== true);
  const expected = expectedViolations(run.scenario);
  const violation = resultOf(run, run.ensemble, run.companion).properties.find(({ id }) => expected.includes(id))?.violation;
  const lines = linesOf(document).flatMap((line, i): Timed[] => (isActing(line) ? [[entered[i] ?? 0, asHunted(line)]] : []));
  return { lines, violatedAt: violation?.at ?? 0 };
}

/** A hunt waits for no answer, looks at none, and gives nobody a name. */
function asHunted(line: Values): Values {
  const { within: _, expect: __, ...rest } = line;
  return VERBS.includes(verbOf(line)) ? rest : { ...rest, async: 'true' };
}

/** The scenario with as many lines more as the seed draws; null where it then does not violate what it did. */
export function noisyCounterexample(text: string, file: string, seed: string, extra: number): string | null {
  const document = readYaml(text, file).plain;
  if (!isValues(document)) return null;
  const { lines, violatedAt } = timedScript(document);
  const key = makeKey(seed);
  const stream = streamOf('noise');
  let n = 0;
  const below = (limit: number): number => draw(key, stream, n++) % limit;
  const noise = Array.from({ length: extra }, (): Timed[] => {
    const at = 200_000 + below(Math.max(1, violatedAt - 200_000));
    return noiseAt(at, below);
  }).flat();
  const script = [...lines, ...noise]
    .filter(([at]) => at <= violatedAt)
    .toSorted(([a], [b]) => a - b)
    .map(([at, line]) => ({ ...line, at: formatDuration(at) }));
  const clients = [...(Array.isArray(document['clients']) ? document['clients'] : []), ...NOISY];
  const noisy = { ...document, seed: '1', mode: 'fine', clients, script, until: formatDuration(violatedAt + 1_000_000) };
  const expected = expectedViolations(scenarioOfPlain(noisy, file));
  const { properties } = runToEnd(openRun(scenarioOfPlain(noisy, file)));
  return properties.some(({ id, status }) => expected.includes(id) && status === 'violated') ? scenarioText(noisy) : null;
}

const NOISY = ['nina', 'nils'];

function noiseAt(at: number, below: (limit: number) => number): Timed[] {
  const server = `s${1 + below(3)}`;
  const client = NOISY[below(NOISY.length)] ?? '';
  const later = at + 1000 * (1 + below(300));
  switch (below(8)) {
    case 0:
      return [[at, { move: { client, to: server } }]];
    case 1:
      return [[at, { stall: { server, thread: 'SyncThread', for: formatDuration(1000 * (1 + below(20))) } }]];
    case 2:
      return [
        [at, { pause: server }],
        [Math.min(later, at + 20_000), { resume: server }],
      ];
    case 3:
      return [[at, { break: `${server} - s${1 + below(3)}` }]];
    case 4:
      return [[at, { disk: { server, slow: String(2 + below(5)) } }]];
    default:
      return [[at, { [client]: below(2) === 0 ? `create -e /noise${below(3)} x` : `set /noise${below(3)} y${below(100)}`, async: 'true' }]];
  }
}
