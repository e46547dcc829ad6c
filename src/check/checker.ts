/**
 * The properties of a run (section 1 of the bug catalogue), judged after every event from the notes of the servers, the clients and the
 * ensemble, each in constant time. The state is plain data and forks with the world.
 *
 * A property looks at a note first, the ghost learns it then. Most notes concern few properties: a table made once says which.
 */
import type { Ensemble } from '../ensemble/ensemble.ts';
import { notesOf, type Note } from '../ensemble/note.ts';
import type { World } from '../kernel/world.ts';
import { agreement } from './agreement.ts';
import { boot } from './boot.ts';
import { copyCheckState, makeCounts, type CheckState, type Property } from './check-state.ts';
import { clientOrder } from './client-order.ts';
import { digestEquality } from './digest-equality.ts';
import { makeReader } from './ensemble-reader.ts';
import { ephemerals } from './ephemerals.ts';
import type { CheckedClient, CheckedServer, NoteType, Where } from './fact.ts';
import { makeGhost } from './ghost.ts';
import { historyEntry } from './history.ts';
import { makeHistory } from './history-ghost.ts';
import { impossibleState } from './impossible-state.ts';
import { integrity } from './integrity.ts';
import { LEARNED_TYPES, learn } from './learn.ts';
import { closeCall, learnHistory } from './learn-history.ts';
import { linearizable } from './linearizable.ts';
import { makeLive, type Excuse, type LiveOptions } from './live-state.ts';
import { judgeDeadline, liveness } from './liveness.ts';
import { logShape } from './log-shape.ts';
import { lostWatch } from './lost-watch.ts';
import { monotonicReads } from './monotonic-reads.ts';
import { mutualExclusion } from './mutual-exclusion.ts';
import { noLoss } from './no-loss.ts';
import { noUncommitted } from './no-uncommitted.ts';
import { oneLeader } from './one-leader.ts';
import { primaryOrder } from './primary-order.ts';
import { learnRecipes, makeRecipes, RECIPE_TYPES } from './recipe-ghost.ts';
import { recipes } from './recipes.ts';
import { recoveryEquality } from './recovery-equality.ts';
import { sessionAgreement } from './session-agreement.ts';
import { syncReads } from './sync-reads.ts';
import { USUAL_PROPERTIES, type Finding, type PropertyId, type Violation } from './violation.ts';
import { makeWatches } from './watch-book.ts';
import { learnWatches, WATCH_TYPES } from './watch-ghost.ts';
import { watchOrder } from './watch-order.ts';

/** In the order of the catalogue: of two that are violated by one note the first is told first. */
const PROPERTIES: readonly Property[] = [
  oneLeader,
  integrity,
  agreement,
  noLoss,
  noUncommitted,
  primaryOrder,
  logShape,
  digestEquality,
  recoveryEquality,
  impossibleState,
  clientOrder,
  monotonicReads,
  watchOrder,
  lostWatch,
  ephemerals,
  sessionAgreement,
  boot,
  liveness,
  mutualExclusion,
  recipes,
  linearizable,
  syncReads,
];

const HISTORY_TYPES: readonly NoteType[] = ['client-invoked', 'client-returned', 'node-down'];

/** How late a watch event may be before it counts as lost: far beyond any stall of a thread. */
const GRACE_US = 1_000_000;

export interface CheckOptions {
  /** All but the optional ones when left out. */
  readonly properties?: readonly PropertyId[];
  readonly live?: Partial<LiveOptions>;
}

interface Members {
  readonly servers: readonly CheckedServer[];
  readonly clients: readonly CheckedClient[];
  /** Others may write too. */
  readonly hasOutside?: boolean;
}

interface Interest {
  readonly properties: readonly Property[];
  readonly isLearned: boolean;
  readonly isWatched: boolean;
  readonly isOfRecipe: boolean;
  readonly isOfHistory: boolean;
}

export interface Checker {
  readonly properties: readonly Property[];
  readonly interests: ReadonlyMap<string, Interest>;
  readonly state: CheckState;
  /** The first violation of each property, in the order found. */
  violations: readonly Violation[];
  /** The world that the state's reader reads. */
  world: World | null;
}

/** A checker for an ensemble in which nothing has happened yet. */
export function makeChecker(ensemble: Ensemble, options: CheckOptions = {}): Checker {
  const { servers, clients, spec } = ensemble;
  const { tickTimeMs, initLimit, syncLimit, maxNotificationIntervalMs } = spec.zoo;
  // A lone server looks for others at this interval at the latest (ELEC-13); a silent link is given up after these limits. Each may come twice.
  const withinUs = 2000 * (maxNotificationIntervalMs + (initLimit + syncLimit) * tickTimeMs);
  const members = {
    servers: servers.map(({ sid, node, learnerType }) => ({ sid, node, isVoter: learnerType === 'PARTICIPANT' })),
    clients,
    hasOutside: ensemble.outside !== null,
  };
  return openChecker(members, { ...options, live: { withinUs, ...options.live } });
}

/** The same without a world: what only a world can tell is not judged then. */
export function openChecker(members: Members, options: CheckOptions = {}): Checker {
  const ids = options.properties ?? USUAL_PROPERTIES;
  const properties = PROPERTIES.filter(({ id }) => ids.includes(id));
  const state: CheckState = {
    ghost: makeGhost(members.servers, members.clients),
    watches: makeWatches(),
    recipes: makeRecipes(),
    history: makeHistory(members.hasOutside !== true),
    live: makeLive({ withinUs: Infinity, graceUs: GRACE_US, ...options.live }),
    boot: { crashed: [], damaged: [] },
    counts: makeCounts(),
  };
  return { properties, interests: makeInterests(properties), state, violations: [], world: null };
}

function makeInterests(properties: readonly Property[]): ReadonlyMap<string, Interest> {
  const interests = new Map<string, Interest>();
  const watching = properties.some(({ id }) => id === 'I-WORD' || id === 'I-WLOST');
  const judgesHistory = properties.some(({ id }) => id === 'I-LIN' || id === 'I-SYNC');
  const types = new Set<string>([...LEARNED_TYPES, ...WATCH_TYPES, ...RECIPE_TYPES, ...properties.flatMap((property) => property.types)]);
  for (const type of types) {
    interests.set(type, {
      properties: properties.filter((property) => property.types.some((own) => own === type)),
      isLearned: LEARNED_TYPES.some((own) => own === type),
      isWatched: watching && WATCH_TYPES.some((own) => own === type),
      isOfRecipe: RECIPE_TYPES.some((own) => own === type),
      isOfHistory: judgesHistory && HISTORY_TYPES.some((own) => own === type),
    });
  }
  return interests;
}

/** For a fork of the world. It reads the world of the next event that it observes. */
export function copyChecker(checker: Checker): Checker {
  return { ...checker, state: copyCheckState(checker.state), world: null };
}

/** All notes of the event that has just happened. */
export function observeEvent(checker: Checker, ensemble: Ensemble): void {
  const { record } = ensemble.world;
  const { live } = checker.state;
  const isExit = record.effect?.type === 'exit';
  if (record.notes.length === 0 && !isExit && record.at < live.deadline) return;
  bind(checker, ensemble);
  const where: Where = { event: record.id, at: record.at, node: record.node };
  if (record.at >= live.deadline) passDeadline(checker, where);
  for (const note of notesOf(record)) tell(checker, note, where);
  if (isExit) tell(checker, { type: 'node-down', how: 'exit', why: '' }, where);
}

function bind(checker: Checker, ensemble: Ensemble): void {
  if (checker.world === ensemble.world) return;
  checker.world = ensemble.world;
  checker.state.ghost.reader = makeReader(ensemble);
}

/** One note, after its whole event has happened. */
export function tell(checker: Checker, note: Note, where: Where): void {
  const interest = checker.interests.get(note.type);
  if (interest === undefined) return;
  const { state } = checker;
  const client = interest.isOfHistory ? state.ghost.clients[where.node] : undefined;
  const entry = client === undefined ? null : historyEntry(note, client.name);
  if (entry?.type === 'returned') closeCall(state.history, entry);
  for (const property of interest.properties) {
    const found = property.onNote(state, note, where);
    if (found !== null) add(checker, found, where);
  }
  if (interest.isWatched) learnWatches(state.watches, state.ghost, note, where);
  if (interest.isOfRecipe) learnRecipes(state.recipes, state.ghost, note, where);
  if (entry !== null) learnHistory(state.history, entry);
  if (interest.isLearned) learn(state.ghost, note, where);
}

/** Time has passed, with or without notes. */
export function passDeadline(checker: Checker, where: Where): void {
  if (where.at < checker.state.live.deadline || !checker.properties.includes(liveness)) return;
  const found = judgeDeadline(checker.state, where.at);
  if (found !== null) add(checker, found, where);
}

/** The run is over. */
export function finish(checker: Checker, where: Where): void {
  for (const property of checker.properties) {
    const found = property.atEnd?.(checker.state, where.at) ?? null;
    if (found !== null) add(checker, found, where);
  }
}

function add(checker: Checker, found: Finding, { event, at }: Where): void {
  if (checker.violations.some(({ property }) => property === found.property)) return;
  checker.violations = [...checker.violations, { ...found, event, at }];
}

export function firstViolation({ violations }: Checker): Violation | null {
  return violations[0] ?? null;
}

export interface PropertyReport {
  readonly id: PropertyId;
  /** unknown: the check gave up on something, so that it cannot say that the property held. */
  readonly status: 'held' | 'violated' | 'not-exercised' | 'unknown';
  /** How often there was something to judge. */
  readonly count: number;
  readonly violation: Violation | null;
  /** I-LIVE: why nothing could be asked of the ensemble. */
  readonly excuse: Excuse | null;
}

/** The verdict if the run ended here; it may go on all the same. */
export function reportOf(checker: Checker, ensemble: Ensemble): PropertyReport[] {
  const ended = copyChecker(checker);
  bind(ended, ensemble);
  finish(ended, { event: ensemble.world.events, at: ensemble.world.now, node: -1 });
  return report(ended);
}

/** The verdict so far. */
export function report({ properties, state, violations }: Checker): PropertyReport[] {
  return properties.map(({ id }) => {
    const violation = violations.find(({ property }) => property === id) ?? null;
    const count = state.counts[id];
    const gaveUp = id === 'I-LIN' && state.history.nodes.gaveUp;
    const status = violation !== null ? 'violated' : gaveUp ? 'unknown' : count > 0 ? 'held' : 'not-exercised';
    return { id, status, count, violation, excuse: id === 'I-LIVE' ? state.live.excuse : null };
  });
}
