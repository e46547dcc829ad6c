import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/support/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/setup.ts'],
    reporters: ['default', new SummaryReporter()],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
