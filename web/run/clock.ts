/** The one clock of the page: real time to virtual time. What is drawn between two pictures is drawn for this time. */

type Listener = (time: number) => void;

const listeners = new Set<Listener>();

/** Called at every animation frame with the virtual time shown. */
export function onTick(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const TWEEN_MS = 220;
/** Longer jumps are cuts. */
const TWEEN_MAX_US = 20_000;

let shown = 0;
let tween: { readonly from: number; readonly to: number; readonly begun: number } | null = null;

/** The time shown right now. */
export function shownTime(): number {
  return shown;
}

/** Time goes on: no tween. */
export function showTime(time: number): void {
  shown = time;
  tween = null;
}

/** Glides to a time a short way ahead, as after a step; jumps elsewhere. */
export function glideTo(time: number, now: number): void {
  const isShort = time > shown && time - shown <= TWEEN_MAX_US && !prefersReducedMotion();
  tween = isShort ? { from: shown, to: time, begun: now } : null;
  if (!isShort) shown = time;
}

export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** One animation frame: moves the shown time and tells everyone. */
export function tickClock(now: number): void {
  if (tween !== null) {
    const part = Math.min(1, Math.max(0, (now - tween.begun) / TWEEN_MS));
    const eased = 1 - (1 - part) * (1 - part);
    shown = tween.from + (tween.to - tween.from) * eased;
    if (part === 1) tween = null;
  }
  for (const listener of listeners) listener(shown);
}
