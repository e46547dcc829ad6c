/**
 * How long one event of a thread takes, in virtual microseconds, one entry drawn for each: most are quick, one in sixty-four stalls as a
 * thread does that the scheduler or the collector held up. Threads of one process thus really race in timed runs.
 */

const quick = [3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 8, 8];
const USUAL: readonly number[] = [...quick, ...quick, ...quick, 8, 8, 9, 9, 10, 10, 11, 12, 13, 15, 18, 25, 40, 80, 200, 2000];

/** The same for every kind so far: the reason for a difference would be a measurement. */
export function serviceTimesOf(_kind: number): readonly number[] {
  return USUAL;
}
