/** What a worker thread of a hunt runs: one chunk at a time. */
import { runChunk, type ChunkReport, type ChunkTask } from './chunk.ts';

export function huntChunk(task: ChunkTask): ChunkReport {
  return runChunk(task);
}
