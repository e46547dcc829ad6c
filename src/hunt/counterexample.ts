/** A run of a hunt as a scenario file: what was drawn becomes lines with their times, and the same run again needs nothing but the file. */
import type { PropertyReport } from '../check/checker.ts';
import { formatDuration } from '../scenario/duration.ts';
import { lineOfAction, type WrittenLine } from '../scenario/line-of-action.ts';
import { openRun, runToEnd } from '../scenario/run-scenario.ts';
import { scenarioText } from '../scenario/scenario-text.ts';
import { serversOf } from '../scenario/spec-of.ts';
import { documentOf, parseScenario } from '../scenario/parse-scenario.ts';
import { mutationsOf, type Quarry } from './culprit.ts';
import type { Act, HuntResult } from './hunt-run.ts';
import type { HuntPlan } from './plan.ts';

/** The file of a run that violated the property; null where the file's run does not, which would be a mistake of ours. */
export function counterexampleOf(hunted: HuntResult, quarry: Quarry, { id, violation }: PropertyReport): string | null {
  const mutations = mutationsOf(quarry).map((mutation) => mutation.id);
  const head = {
    ...headOf(hunted.plan, quarry, mutations),
    name: `${id} violated, ${quarry.preset === 'fixed' ? mutations.join(', ') || 'fixed' : quarry.preset}, ${hunted.plan.seed}`,
    // The event that shows it may be the last one of its time.
    until: formatDuration((violation?.at ?? hunted.virtualUs) + 1000),
    script: linesOf(hunted.plan, hunted.acts),
    expect: [{ violates: id }],
  };
  const dropped = play(head).expectations.flatMap(({ ok, line }) => (ok || line === null ? [] : [line]));
  // What is asked of a session that is over goes nowhere; a script would take that for a failure.
  const script = head.script.filter((_, i) => !dropped.includes(i));
  const { properties, traceHash } = play({ ...head, script });
  const violated = properties.flatMap((property) => (property.status === 'violated' ? [property.id] : []));
  if (!violated.includes(id)) return null;
  const others = violated.filter((other) => other !== id);
  return scenarioText({ ...head, script, expect: [id, ...others].map((each) => ({ violates: each })), traceHash });
}

function play(document: Readonly<Record<string, unknown>>) {
  const scenario = parseScenario(scenarioText(document), 'found');
  const { properties, traceHash, expectations } = runToEnd(openRun(scenario));
  const lineAt = new Map(scenario.lines.map(({ place }, i) => [place.line, i]));
  return { properties, traceHash, expectations: expectations.map(({ ok, place }) => ({ ok, line: lineAt.get(place.line) ?? null })) };
}

/** A preset of which something is set aside is said mutation by mutation. */
function headOf({ head, seed }: HuntPlan, quarry: Quarry, mutations: readonly string[]) {
  const { mode, ensemble, network, clients } = head;
  const listed = quarry.without.length > 0 ? mutations : quarry.mutations;
  return {
    name: '',
    seed,
    ...(quarry.preset === 'fixed' || quarry.without.length > 0 ? {} : { preset: quarry.preset }),
    ...(listed.length === 0 ? {} : { mutations: listed }),
    mode,
    ensemble,
    network,
    clients,
  };
}

/** Every action as a line with its time; the starts at the beginning are the script's own. */
function linesOf({ head }: HuntPlan, acts: readonly Act[]): WrittenLine[] {
  const document = documentOf({ name: 'hunt', ...head });
  const names = [...serversOf(document).map(({ name }) => name), ...head.clients.map(({ name }) => name ?? '')];
  return acts.flatMap(({ at, action }) => {
    const line = lineOfAction(action, names);
    return line === null ? [] : [{ ...line, at: formatDuration(at) }];
  });
}
