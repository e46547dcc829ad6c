/** What a command tells its caller. */
export const EXIT = {
  ok: 0,
  /** An expectation or a property failed, or a search found a violation. */
  failed: 1,
  badInput: 2,
  bug: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
