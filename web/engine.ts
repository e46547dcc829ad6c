/** The page's end of the worker: questions and answers by number, and a clear word when the worker dies. */
import type { FromWorker, Reply, Request } from './protocol.ts';

/** A request that gets no sign of life for so long has no worker behind it. */
const SILENCE_MS = 15_000;

export interface Engine {
  readonly ask: (request: Request) => Promise<Reply>;
  readonly stop: () => void;
}

export interface EngineEvents {
  readonly onProgress: (events: number, goal: number) => void;
  /** Called once; every open question is then left unanswered. */
  readonly onDeath: (why: string) => void;
}

export function startEngine({ onProgress, onDeath }: EngineEvents): Engine {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module', name: 'zablab' });
  const waiting = new Map<number, (reply: Reply) => void>();
  let nextId = 1;
  let timer = 0;
  let isOver = false;

  const stop = (): void => {
    isOver = true;
    clearTimeout(timer);
    waiting.clear();
    worker.terminate();
  };
  const die = (why: string): void => {
    if (isOver) return;
    stop();
    onDeath(why);
  };
  const watch = (): void => {
    clearTimeout(timer);
    if (waiting.size > 0) timer = window.setTimeout(() => die('it gave no sign of life'), SILENCE_MS);
  };

  worker.addEventListener('error', (event) => die(event.message === '' ? 'it could not be loaded' : event.message));
  worker.addEventListener('messageerror', () => die('it sent something that cannot be read'));
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'progress') {
      onProgress(data.events, data.goal);
    } else {
      const answer = waiting.get(data.id);
      waiting.delete(data.id);
      answer?.(data);
    }
    watch();
  });
  return {
    stop,
    ask: (request) =>
      new Promise((resolve) => {
        if (isOver) return;
        const id = nextId++;
        waiting.set(id, resolve);
        worker.postMessage({ ...request, id }, []);
        watch();
      }),
  };
}
