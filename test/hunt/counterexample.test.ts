// What a hunt finds is an ordinary scenario file: the same violation at the same moment from the file alone.

import { expect, test } from 'vitest';
import { FIXED } from '../../src/ensemble/spec.ts';
import { counterexampleOf } from '../../src/hunt/counterexample.ts';
import { culpritsOf, decisionsOf, type Quarry } from '../../src/hunt/culprit.ts';
import { runPlan } from '../../src/hunt/hunt-run.ts';
import { planOf, STRATEGIES, type StrategyName } from '../../src/hunt/strategy.ts';
import { actionsOfLine } from '../../src/scenario/one-line.ts';
import { lineOfAction } from '../../src/scenario/line-of-action.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../../src/scenario/run-scenario.ts';
import { makeEnsemble } from '../../src/ensemble/ensemble.ts';
import { specOfPlan } from '../../src/hunt/hunt-run.ts';

const quarryOf = (...mutations: string[]): Quarry => ({ preset: 'fixed', mutations, without: [] });

test.each(['episodes', 'pct', 'delay', 'random'] as StrategyName[])(
  '%s: the file of a found run violates the same property at the same time, and replays to its hash',
  { timeout: 120_000 },
  (strategy) => {
    const quarry = quarryOf('ZOOKEEPER-2845');
    let found = 0;
    for (let seed = 1; seed <= 60 && found < 4; seed++) {
      const result = runPlan(planOf(strategy, String(seed), []), decisionsOf(quarry), { stops: true });
      const [violated] = result.violations;
      if (violated === undefined) continue;
      found += 1;
      const text = counterexampleOf(result, quarry, violated);
      expect(text).not.toBeNull();
      const scenario = parseScenario(text ?? '', 'found.yaml');
      const again = runToEnd(openRun(scenario));
      const same = again.properties.find(({ id }) => id === violated.id);
      expect(same?.violation?.at).toBe(violated.violation?.at);
      expect(same?.violation).toMatchObject({ kind: violated.violation?.kind, operands: violated.violation?.operands });
      expect(again.traceHash).toBe(scenario.document.traceHash);
      expect(again.ok).toBe(true);
    }
    expect(found).toBe(4);
  },
);

test('every action of a hunt is a script line that means the same action', () => {
  const verbs = new Set<string>();
  for (const strategy of ['episodes', 'pct', 'delay', 'random'] as const) {
    for (let seed = 1; seed <= 12; seed++) {
      const plan = planOf(strategy, String(seed), []);
      const { acts } = runPlan(plan, FIXED);
      const ensemble = makeEnsemble(specOfPlan(plan, FIXED));
      const names = ensemble.world.nodes.map(({ name }) => name);
      for (const { action } of acts) {
        const line = lineOfAction(action, names);
        expect(line, JSON.stringify(action)).not.toBeNull();
        const { async: _, ...verb } = line ?? {};
        for (const key of Object.keys(verb)) verbs.add(key);
        const [read] = actionsOfLine(ensemble, JSON.stringify(line), 'call' in action ? action.call : 0);
        // Groups that name everybody say what a group of nobody says: all together.
        if (action.type === 'partition' && action.groups.every((group) => group.length === 0)) continue;
        // Only a delay has a length.
        const plain = action.type === 'message-rule' && action.action !== 'delay' ? { ...action, delayUs: 0 } : action;
        expect(read).toEqual(plain);
      }
    }
  }
  expect([...verbs]).toEqual(
    expect.arrayContaining(['kill', 'power-loss', 'pause', 'partition', 'break', 'stall', 'delay', 'disk', 'move', 'calm', 'c1']),
  );
});

test('no strategy reads the mutation: the same choices until the first event that differs', { timeout: 120_000 }, () => {
  const mutated = decisionsOf(quarryOf('ZOOKEEPER-3911', 'ack-before-fsync', 'no-lastzxid-check'));
  let diverged = 0;
  for (const strategy of STRATEGIES) {
    for (let seed = 1; seed <= 6; seed++) {
      const [plain, other] = [FIXED, mutated].map((decisions) => {
        const hashes: string[] = [];
        const result = runPlan(planOf(strategy, String(seed), []), decisions, {
          onEvent: ({ hash, now }) => hashes.push(`${now} ${hash.hi} ${hash.lo}`),
        });
        return { hashes, result };
      });
      expect(plain?.result.plan.head).toEqual(other?.result.plan.head);
      const at = plain?.hashes.findIndex((hash, i) => hash !== other?.hashes[i]) ?? -1;
      if (at === -1) continue;
      diverged += 1;
      const before = (acts: typeof plain): unknown[] => acts?.result.acts.filter(({ event }) => event <= at) ?? [];
      expect(before(plain)).toEqual(before(other));
    }
  }
  expect(diverged).toBeGreaterThan(10);
});

test('the culprit is told from its companions', { timeout: 120_000 }, () => {
  const quarry = quarryOf('ZOOKEEPER-2845', 'ZOOKEEPER-1412', 'ZOOKEEPER-1156', 'no-stepdown');
  const decisions = decisionsOf(quarry);
  const culprits = new Set<string>();
  for (let seed = 1; seed <= 40 && culprits.size < 2; seed++) {
    const plan = planOf('episodes', String(seed), []);
    const [violated] = runPlan(plan, decisions, { stops: true }).violations;
    if (violated === undefined) continue;
    const needed = culpritsOf(plan, quarry, violated.id, { stops: true });
    culprits.add(needed.join());
    expect(runPlan(plan, decisionsOf(quarryOf(...needed)), { stops: true }).violations.map(({ id }) => id)).toContain(violated.id);
  }
  expect([...culprits]).toContain('ZOOKEEPER-2845');
});
