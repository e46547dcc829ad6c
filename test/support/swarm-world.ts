// Whole ensembles under the random faults of one seed, played to the end, and what a world holds as text that two worlds can be compared by.

import { hashText } from '../../src/base/hash.ts';
import type { Parts } from '../../src/base/parts.ts';
import { compareText } from '../../src/base/text.ts';
import { makeEnsemble, type Ensemble } from '../../src/ensemble/ensemble.ts';
import { FIXED } from '../../src/ensemble/spec.ts';
import { specOfPlan } from '../../src/hunt/hunt-run.ts';
import { swarmConfigOf, swarmPlanOf, type SwarmConfig } from '../../src/hunt/swarm.ts';
import { nextTime, runNext } from '../../src/kernel/run.ts';
import type { World } from '../../src/kernel/world.ts';

export interface SwarmOptions {
  readonly guard?: boolean;
  readonly mode?: SwarmConfig['mode'];
}

export function openSwarm(seed: number | string, { guard = false, mode }: SwarmOptions = {}): Ensemble {
  const drawn = swarmConfigOf(String(seed));
  return makeEnsemble(specOfPlan(swarmPlanOf({ ...drawn, mode: mode ?? drawn.mode }), FIXED, guard));
}

/** Long enough for elections with back-off, reconnects and syncs. */
const RECOVERY_US = 30_000_000;

/** When the run of a swarm is over: a while after the faults have ended, which a world tells by its driver. */
function endOf(world: World): number {
  const driver = world.parts.values[world.driver] as { readonly dueAt: number };
  return driver.dueAt === Infinity ? world.now + RECOVERY_US : Infinity;
}

/** Plays to the end of the run, or until event `events` has happened. */
export function playSwarm({ world }: Ensemble, events = Infinity): World {
  let end = Infinity;
  while (world.events < events && nextTime(world) <= end) {
    if (!runNext(world)) break;
    if (end === Infinity) end = endOf(world);
  }
  return world;
}

/** The trace hash of a run and how long it was. */
export function hashOf(world: World): string {
  return `${hashText(world.hash)} ${world.events} events`;
}

/** Everything of a world that decides how it goes on, a line for each part, times included. */
export function contentOf(world: World): string[] {
  const { parts, heap, now, events } = world;
  const lines = [`now ${now}, events ${events}, hash ${hashText(world.hash)}`];
  for (let slot = 0; slot < parts.values.length; slot++) {
    const kind = parts.kinds[slot];
    const due = heap.times[slot] ?? Infinity;
    if (kind !== null && kind !== undefined)
      lines.push(`${slot} ${kind.name} due ${due} tie ${heap.ties[slot] ?? 0}: ${textOf(parts.values[slot])}`);
    else if (due !== Infinity) lines.push(`${slot} is due and not there`);
  }
  lines.push(
    `free ${parts.free.join(' ')}`,
    `hot ${world.hot
      .slice(world.hotHead)
      .filter((slot) => world.isHot[slot] === 1)
      .join(' ')}`,
  );
  return lines;
}

/** Canonical text of plain data, independent of the order in which fields and table entries came about. */
export function textOf(value: unknown, skip: ReadonlySet<string> = new Set()): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, skip)).join(',')}]`;
  if (value instanceof Map)
    return `Map{${pairs(
      [...value].map(([key, item]) => [String(key), item]),
      skip,
    ).join(',')}}`;
  const fields = Object.entries(value).filter(([key]) => !skip.has(key));
  return `{${pairs(fields, skip).join(',')}}`;
}

function pairs(entries: readonly (readonly [string, unknown])[], skip: ReadonlySet<string>): string[] {
  return entries.map(([key, item]) => `${JSON.stringify(key)}:${textOf(item, skip)}`).sort(compareText);
}

/** Texts of parts that nobody writes to any more: those of a fork that stays as it is. */
export type Memo = WeakMap<object, string>;

/** What `stateKey` is to tell apart, said in full: the essence of each part, with its slot where that counts. */
export function essenceOf({ parts, hot, hotHead, isHot }: World, memo: Memo = new WeakMap()): string {
  const lines = parts.values.flatMap((_, slot) => essenceOfPart(parts, slot, memo) ?? []);
  const turns = hot.slice(hotHead).filter((slot) => isHot[slot] === 1 && parts.kinds[slot]?.name === 'thread');
  const order = turns.map((slot) => {
    const { node, id } = parts.values[slot] as { readonly node: number; readonly id: number };
    return `${node}/${id}`;
  });
  return [...lines.sort(compareText), order.join(' ')].join('\n');
}

function essenceOfPart({ kinds, values }: Parts, slot: number, memo: Memo): string | null {
  const kind = kinds[slot];
  if (kind === null || kind === undefined) return null;
  const value = values[slot] as object;
  const known = memo.get(value);
  if (known !== undefined) return known;
  const text = `${kind.named ? kind.name : slot} ${textOf(kind.essence === null ? value : kind.essence(value as never), kind.skip)}`;
  memo.set(value, text);
  return text;
}
