/**
 * Between the page and the worker: opens runs, moves the cursor, plays, acts. One question is under way at a time; what a person asks for
 * meanwhile waits, the newest place first.
 */
import { castDraft } from 'immer';
import type { Frame } from '../../src/view/frame.ts';
import { SPEEDS } from '../../src/view/time-text.ts';
import { startEngine, type Engine } from '../engine.ts';
import { defaultScenario, findScenario } from '../library.ts';
import type { Click, Destination, Reply, Request } from '../protocol.ts';
import { readFragment, writeFragment, type Link } from '../share.ts';
import { FRESH_RUN, type Notice } from '../store/state.ts';
import { getState, update } from '../store/store.ts';
import { glideTo, prefersReducedMotion, shownTime, showTime, tickClock } from './clock.ts';
import { wantOf } from './want.ts';

/** Costly parts of the picture while the run plays: this often. */
const FULL_EVERY_MS = 150;
/** A stretch in which nothing is on its way is crossed in this time at most. */
const QUIET_SECONDS = 0.3;
/** And so much faster at least: disks and threads at work are less to look at than messages. */
const QUIET_FACTOR = 8;
/** What passes in less than this needs no hurry. */
const SHORT_SECONDS = 0.05;
const QUEUE_MAX = 30;

let engine: Engine | null = null;
let isAsking = false;
let queue: Destination[] = [];
let lastFull = 0;
let lastTick = 0;
let owedSeconds = 0;
/** Counts runs opened: an answer for an earlier one is dropped. */
let opening = 0;

// Notices

export function notify(notice: Notice): void {
  update((draft) => {
    draft.notices = [...draft.notices.filter(({ id }) => id !== notice.id), castDraft(notice)].slice(-4);
  });
}

export function dismiss(id: string): void {
  update((draft) => {
    draft.notices = draft.notices.filter((notice) => notice.id !== id);
  });
}

// Opening

export interface Opening {
  readonly id: string | null;
  readonly text: string;
  readonly seed: string | null;
  readonly event: number | null;
  readonly clicks: readonly Click[];
  readonly plays: boolean;
}

function engineNow(): Engine {
  engine ??= startEngine({
    onProgress: (events, goal) => update((draft) => void (draft.progress = { events, goal })),
    onDeath: restartWorker,
  });
  return engine;
}

/** The same run again in a new worker, at the event where the old one died. */
function restartWorker(why: string): void {
  const { scenario, run, clicks, cursor, phase } = getState();
  engine = null;
  notify({
    id: 'worker',
    kind: 'warning',
    title: 'The simulation stopped and was started again',
    text: `Its worker ended: ${why}. The same scenario, seed and clicks have been run again up to event ${cursor.event}.`,
    offers: [],
  });
  if (phase === 'ready')
    void openRun({ id: scenario.id, text: scenario.text, seed: run?.seed ?? null, event: cursor.event, clicks, plays: false });
  else openDefault();
}

export async function openRun({ id, text, seed, event, clicks, plays }: Opening): Promise<void> {
  const mine = ++opening;
  queue = [];
  isAsking = true;
  update((draft) => {
    Object.assign(draft, FRESH_RUN);
    draft.phase = 'opening';
    draft.scenario = { id, text };
  });
  const file = id === null ? 'scenario' : `${id}.yaml`;
  const reply = await engineNow().ask({ type: 'open', text, file, seed, clicks, event, want: wantOf(getState(), true) });
  if (mine !== opening) return;
  isAsking = false;
  if (reply.type !== 'opened') {
    update((draft) => void (draft.phase = 'empty'));
    notify({
      id: 'scenario',
      kind: 'warning',
      title: reply.type === 'refused' ? 'This scenario cannot be run' : 'The simulation failed to start',
      text: 'message' in reply ? reply.message : '',
      offers: ['open-default'],
    });
    return;
  }
  update((draft) => {
    draft.phase = 'ready';
    draft.run = castDraft(reply.run);
    draft.consoleNode = reply.run.nodes.find(({ kind }) => kind === 'client')?.node ?? -1;
    draft.notices = draft.notices.filter(({ id }) => id !== 'scenario' && id !== 'bug');
  });
  takeFrame(reply, true);
  ask({ stay: true });
  if (plays) play();
}

export function openDefault(): void {
  update((draft) => void (draft.notices = []));
  const { id, text } = defaultScenario();
  void openRun({
    id,
    text,
    seed: null,
    event: null,
    clicks: [],
    plays: !prefersReducedMotion(),
  });
}

export function openFromLibrary(id: string, seed: string | null = null): void {
  const found = findScenario(id);
  if (found !== null) void openRun({ id, text: found.text, seed, event: null, clicks: [], plays: true });
}

/** The run that the address names; the default where it names none. */
export async function openFromAddress(): Promise<void> {
  const read = await readFragment(location.hash, (id) => findScenario(id) !== null);
  if (read === null) {
    openDefault();
    return;
  }
  const { link, damage, doubt } = read;
  if (damage !== null) {
    update((draft) => void Object.assign(draft, FRESH_RUN, { phase: 'empty' }));
    notify({
      id: 'link',
      kind: 'warning',
      title: 'This link is damaged',
      text: `It cannot be opened: ${damage}. ${doubt ?? ''}`.trim(),
      offers: ['open-default'],
    });
    return;
  }
  if (doubt !== null) {
    const text = `${doubt} What it says now has been opened; it may not be what its author saw.`;
    notify({ id: 'link', kind: 'warning', title: 'This link may be damaged', text, offers: ['open-default'] });
  }
  const text = link.text ?? findScenario(link.scenario ?? '')?.text ?? defaultScenario().text;
  const { scenario: id, seed, event, clicks } = link;
  await openRun({ id, text, seed, event, clicks, plays: event === null && !prefersReducedMotion() });
}

// Moving

function ask(to: Destination): void {
  const isStep = 'step' in to || 'story' in to;
  queue = isStep ? [...queue, to].slice(-QUEUE_MAX) : [...queue.filter((other) => 'step' in other && !('event' in to)), to];
  void pump();
}

async function pump(): Promise<void> {
  if (isAsking || getState().phase !== 'ready') return;
  const to = queue.shift();
  if (to === undefined) return;
  const reply = await question({ type: 'frame', to, want: wantOf(getState(), true) });
  if (reply?.type === 'frame') {
    takeFrame(reply, true);
    // A far event takes more than one request.
    if (
      'event' in to &&
      reply.frame.cursor.event < to.event &&
      reply.bug === null &&
      queue.length === 0 &&
      reply.frame.cursor.nextAt !== null
    )
      queue.push(to);
  }
  void pump();
}

async function question(request: Request): Promise<Reply | null> {
  const mine = opening;
  isAsking = true;
  const reply = await engineNow().ask(request);
  if (mine !== opening) return null;
  isAsking = false;
  if (reply.type === 'failed') {
    pause();
    notify({
      id: 'failed',
      kind: 'bug',
      title: 'A bug in Zablab',
      text: `The page's worker failed: ${reply.message}`,
      offers: ['restart', 'copy-link'],
    });
  }
  return reply;
}

type FrameReply = Extract<Reply, { readonly frame: Frame }>;

function takeFrame(reply: FrameReply, glides: boolean): void {
  const { frame, branches, clicks, bug } = reply;
  const before = getState();
  const isOtherBranch = branches.active !== before.branches.active;
  update((draft) => {
    const { marks, list, console, ...rest } = frame;
    Object.assign(draft, rest);
    if (console !== undefined) draft.consoleLines = castDraft(console.lines);
    if (list !== undefined) draft.list = castDraft(list);
    draft.branches = castDraft(branches);
    draft.clicks = castDraft(clicks);
    draft.bug = bug;
    draft.progress = null;
    if (isOtherBranch) {
      draft.marks = [];
      draft.marksUpTo = 0;
    } else if (marks !== undefined && marks.from === draft.marksUpTo) {
      if (marks.marks.length > 0) draft.marks.push(...castDraft(marks.marks));
      draft.marksUpTo = marks.upTo;
    }
  });
  if (glides) glideTo(frame.cursor.time, performance.now());
  else showTime(frame.cursor.time);
  if (isOtherBranch) ask({ stay: true });
  watchRun(frame, before.light.light === 'violated');
  if (!getState().isPlaying || branches.branches.length !== before.branches.branches.length) writeAddress();
}

/** What stops a run that plays: a bug, a violation, or that nothing can happen any more. */
function watchRun(frame: Frame, wasViolated: boolean): void {
  const { bug, isPlaying } = getState();
  if (bug !== null && !getState().notices.some(({ id }) => id === 'bug')) {
    pause();
    const text = `The simulation broke a promise of its own at event ${bug.event} (seed ${bug.seed}): ${bug.message}. This is not a fault of your scenario. Everything before that event can still be looked at; the link replays it.`;
    notify({ id: 'bug', kind: 'bug', title: `A bug in Zablab, at event ${bug.event}`, text, offers: ['copy-link', 'restart'] });
  }
  const { first } = frame.light;
  if (first !== null && !wasViolated && isPlaying) {
    pause();
    notify({
      id: 'violation',
      kind: 'warning',
      title: `Property ${first.id} is violated`,
      text: `It was broken at event ${first.event}. The Properties tab says how.`,
      offers: [],
    });
  }
  if (frame.cursor.nextAt === null && isPlaying && bug === null) pause();
}

export function goTo(event: number): void {
  pause();
  update((draft) => void (draft.listFirst = null));
  ask({ event: Math.max(0, event) });
}

export function step(direction: 1 | -1, node = -1): void {
  pause();
  update((draft) => void (draft.listFirst = null));
  ask({ step: direction, node });
}

export function storyStep(direction: 1 | -1): void {
  pause();
  update((draft) => void (draft.listFirst = null));
  ask({ story: direction });
}

/** Asks again, as after a change of what is looked at. */
export function refresh(): void {
  if (queue.length === 0) ask({ stay: true });
}

// Playing

export function play(): void {
  if (getState().phase !== 'ready') return;
  owedSeconds = 0;
  showTime(getState().cursor.time);
  update((draft) => {
    draft.isPlaying = true;
    draft.listFirst = null;
  });
  writeAddress();
}

export function pause(): void {
  if (!getState().isPlaying) return;
  update((draft) => void (draft.isPlaying = false));
  ask({ time: shownTime() });
}

export function togglePlay(): void {
  if (getState().isPlaying) pause();
  else play();
}

export function changeSpeed(by: number): void {
  update((draft) => void (draft.speed = Math.min(SPEEDS.length - 1, Math.max(0, draft.speed + by))));
}

function tick(now: number): void {
  const seconds = Math.min(0.1, (now - lastTick) / 1000);
  lastTick = now;
  if (getState().isPlaying) playOn(seconds, now);
  tickClock(now);
  requestAnimationFrame(tick);
}

function playOn(seconds: number, now: number): void {
  owedSeconds = Math.min(0.25, owedSeconds + seconds);
  if (isAsking || queue.length > 0) return;
  const { cursor, stage, speed, skipsQuiet } = getState();
  if (cursor.nextAt === null) return;
  const base = SPEEDS[speed] ?? 1000;
  const gap = cursor.nextAt - cursor.time;
  const flies = stage.messages.some(({ family, arriveAt }) => family !== 'ping' && arriveAt !== null && arriveAt > shownTime());
  const hurries = skipsQuiet && !flies && gap > base * SHORT_SECONDS;
  const hurried = hurries ? Math.max(base * QUIET_FACTOR, gap / QUIET_SECONDS) : base;
  let target = shownTime() + hurried * owedSeconds;
  if (hurries) target = Math.min(target, cursor.nextAt);
  owedSeconds = 0;
  if (target < cursor.nextAt) showTime(target);
  else void playTo(target, now);
}

async function playTo(time: number, now: number): Promise<void> {
  const isFull = now - lastFull >= FULL_EVERY_MS;
  if (isFull) lastFull = now;
  const reply = await question({ type: 'frame', to: { time }, want: wantOf(getState(), isFull) });
  if (reply?.type === 'frame') takeFrame(reply, false);
  void pump();
}

export function startClock(): void {
  lastTick = performance.now();
  requestAnimationFrame(tick);
}

// Acting

/** The question under way is answered. */
async function idle(): Promise<void> {
  for (;;) {
    if (!isAsking) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Does a line of a script now. Resolves to what was wrong with it, or null. */
export async function act(verb: string, value: unknown): Promise<string | null> {
  await idle();
  if (getState().phase !== 'ready') return 'there is no run';
  const line = JSON.stringify({ [verb]: value });
  const reply = await question({ type: 'act', line, time: shownTime(), want: wantOf(getState(), true) });
  if (reply?.type === 'frame') {
    takeFrame(reply, true);
    update((draft) => void (draft.said = `Done: ${verb} ${typeof value === 'string' ? value : JSON.stringify(value)}`));
    if (reply.branched) {
      const { from = 0 } = reply.branches.branches[reply.branches.active] ?? {};
      const text = `You acted in the past, so a new branch of the run begins after event ${from}. The one you left is kept: choose it beside the speed.`;
      notify({ id: 'branch', kind: 'info', title: `Branch ${reply.branches.active + 1}`, text, offers: [] });
    }
  }
  void pump();
  return reply?.type === 'refused' ? reply.message : null;
}

/** For clicks: what was wrong goes to a notice. */
export async function actOrTell(verb: string, value: unknown): Promise<void> {
  const problem = await act(verb, value);
  if (problem !== null) notify({ id: 'act', kind: 'info', title: 'Nothing was done', text: problem, offers: [] });
}

export async function chooseBranch(index: number): Promise<void> {
  pause();
  await idle();
  const reply = await question({ type: 'branch', index, want: wantOf(getState(), true) });
  if (reply?.type === 'frame') takeFrame(reply, false);
  void pump();
}

export function restart(): void {
  const { scenario, run } = getState();
  void openRun({ id: scenario.id, text: scenario.text, seed: run?.seed ?? null, event: null, clicks: [], plays: true });
}

// The address

/** While the run plays, the address names no event. */
function linkNow(): Link {
  const { scenario, run, cursor, clicks, bug, isPlaying } = getState();
  const { id, text } = scenario;
  return {
    scenario: id,
    text: id === null ? text : null,
    seed: run?.seed ?? null,
    event: isPlaying ? null : (bug?.event ?? cursor.event),
    clicks,
  };
}

let addressTimer = 0;

function writeAddress(): void {
  clearTimeout(addressTimer);
  addressTimer = window.setTimeout(() => {
    if (getState().phase === 'ready') void writeFragment(linkNow()).then((fragment) => history.replaceState(null, '', fragment));
  }, 250);
}

/** The address of this moment, put on the clipboard where the browser lets us. Resolves to whether it did. */
export async function copyLink(): Promise<boolean> {
  pause();
  await idle();
  const fragment = await writeFragment(linkNow());
  history.replaceState(null, '', fragment);
  return navigator.clipboard.writeText(location.href).then(
    () => true,
    () => false,
  );
}
