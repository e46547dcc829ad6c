/**
 * Virtual time beside the wall clock: an ensemble runs as fast as its own time says. What is due within a millisecond runs now; what comes in
 * is stamped with the later of virtual now and the mapped wall time, and logged as it enters, so that the log alone replays the run. After a
 * stall of more than a tick (a machine that slept, a process that was stopped) the mapping shifts, instead of expiring everybody.
 */
import type { Action } from '../ensemble/action.ts';
import { actOn, type Ensemble } from '../ensemble/ensemble.ts';
import type { InputEntry } from '../ensemble/timeline.ts';
import { nextTime, runUntil } from '../kernel/run.ts';

export interface PacerHooks {
  /** The moment for what has come in: acts with `act`. */
  readonly takeInputs: () => void;
  /** Events have run: time to pass on what they said. */
  readonly passOn: () => void;
  readonly onInput: (entry: InputEntry) => void;
  readonly log: (line: string) => void;
  /** The world threw: it cannot go on. */
  readonly onBroken: (error: unknown) => void;
}

/** What is due so soon, in microseconds, runs now. */
const WINDOW_US = 1000;
/** After so long sockets are served again, whatever is still due. */
const BUDGET_MS = 10;
const SLICE_EVENTS = 500;
/** setTimeout takes no more. */
const TIMER_MAX_MS = 0x7fff_ffff;

export class Pacer {
  readonly ensemble: Ensemble;
  readonly #hooks: PacerHooks;
  readonly #tickUs: number;
  /** Virtual time is wall time plus this. */
  #shiftUs: number;
  #immediate: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isRunning = false;
  #isStopped = false;

  constructor(ensemble: Ensemble, hooks: PacerHooks) {
    this.ensemble = ensemble;
    this.#hooks = hooks;
    this.#tickUs = ensemble.spec.zoo.tickTimeMs * 1000;
    this.#shiftUs = ensemble.world.now - wallUs();
  }

  /** From now on virtual time goes with the wall clock. */
  start(): void {
    this.#shiftUs = this.ensemble.world.now - wallUs();
    this.wake();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Something has come in: it is taken once the sockets that have something now are all read. */
  wake(): void {
    if (this.#immediate === null && !this.#isStopped) this.#immediate = setImmediate(() => this.#turn());
  }

  /** Performs what came in, as one event. Between two turns, what is overdue comes first. */
  act(action: Action): boolean {
    const { world } = this.ensemble;
    if (!this.#isRunning) runUntil(world, this.#mapped());
    const at = Math.max(world.now, this.#mapped());
    const after = world.events;
    const bit = actOn(this.ensemble, action, at);
    this.#hooks.onInput({ after, at, action });
    return bit;
  }

  #mapped(): number {
    return wallUs() + this.#shiftUs;
  }

  #turn(): void {
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#immediate = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isRunning || this.#isStopped) return;
    this.#isRunning = true;
    try {
      this.#shiftAfterStall();
      const deadline = performance.now() + BUDGET_MS;
      // What is overdue comes before what comes in; a world that cannot keep up takes nothing in until it does.
      let isDone = this.#runTo(this.#mapped(), deadline);
      if (isDone) {
        this.#hooks.takeInputs();
        isDone = this.#runTo(this.#mapped() + WINDOW_US, deadline);
      }
      this.#hooks.passOn();
      this.#isRunning = false;
      this.#schedule(isDone);
    } catch (error) {
      this.#isRunning = false;
      this.stop();
      this.#hooks.onBroken(error);
    }
  }

  /** False when the time was over before everything was done. */
  #runTo(until: number, deadline: number): boolean {
    while (runUntil(this.ensemble.world, until, SLICE_EVENTS) === SLICE_EVENTS) {
      if (performance.now() > deadline) return false;
    }
    return true;
  }

  #shiftAfterStall(): void {
    const lateUs = this.#mapped() - nextTime(this.ensemble.world);
    if (lateUs <= this.#tickUs || lateUs === -Infinity) return;
    this.#shiftUs -= lateUs;
    this.#hooks.log(`nothing ran for ${Math.round(lateUs / 1000)} ms; the time of the ensemble stood still meanwhile`);
  }

  #schedule(isDone: boolean): void {
    if (this.#isStopped) return;
    if (!isDone) return this.wake();
    const dueUs = nextTime(this.ensemble.world);
    if (dueUs === Infinity) return;
    const ms = Math.min(TIMER_MAX_MS, Math.max(1, Math.floor((dueUs - this.#mapped()) / 1000)));
    this.#timer = setTimeout(() => this.#turn(), ms);
  }
}

function wallUs(): number {
  return Math.floor(performance.now() * 1000);
}
