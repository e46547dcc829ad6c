/** Worker threads that run chunks. A chunk whose worker dies is run again by another: a chunk is the same each time. */
import { Tinypool } from 'tinypool';
import { runChunk, type ChunkReport, type ChunkTask } from './chunk.ts';

export interface Pool {
  readonly run: (task: ChunkTask) => Promise<ChunkReport>;
  readonly close: () => Promise<void>;
}

/** Times that a chunk may take its worker along before the hunt gives up on it. */
const ATTEMPTS = 3;

/** `script` is the built worker's address. One job alone runs in this thread. */
export function openPool(jobs: number, script: URL): Pool {
  if (jobs === 1) return { run: (task) => Promise.resolve(runChunk(task)), close: () => Promise.resolve() };
  const pool = new Tinypool({ filename: script.href, minThreads: jobs, maxThreads: jobs, concurrentTasksPerWorker: 1 });
  const attempt = async (task: ChunkTask, left: number): Promise<ChunkReport> => {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-return -- what comes from the worker is what its own code returns
      return await pool.run(task, { name: 'huntChunk' });
    } catch (error) {
      if (left <= 1) throw error;
      return attempt(task, left - 1);
    }
  };
  return { run: (task) => attempt(task, ATTEMPTS), close: () => pool.destroy() };
}
