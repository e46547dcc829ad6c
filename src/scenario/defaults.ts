/** How long things may take when a scenario does not say. Virtual microseconds. */
export const DURATION_DEFAULTS = {
  operationUs: 60_000_000,
  untilUs: 60_000_000,
  /** Run on after the script's last line. */
  tailUs: 2_000_000,
  /** A run ends here at the latest. */
  runUs: 3_600_000_000,
} as const;
