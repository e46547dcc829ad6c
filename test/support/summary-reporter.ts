// Closes a run with one plain line of counts that any log reader understands, after the names of the suites that this machine could not run.

import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { notRun } from './suites.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const lines = [...suitesNotRun(modules), closingLine(countsOf(modules, errors))];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}

function suitesNotRun(modules: readonly TestModule[]): string[] {
  const names = modules.flatMap((module) => [...module.children.allSuites()].map((suite) => suite.name));
  return names.filter((name) => name.startsWith(notRun));
}

/** A file that fails outside its tests, and an error outside any test, count as one failure each: the line must not look green when the run is red. */
function countsOf(modules: readonly TestModule[], errors: readonly SerializedError[]): Counts {
  const counts: Counts = { passed: 0, failed: errors.length, skipped: 0 };
  for (const module of modules) {
    let failedTests = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') counts.passed += 1;
      else if (state === 'failed') failedTests += 1;
      else counts.skipped += 1;
    }
    counts.failed += failedTests === 0 && module.state() === 'failed' ? 1 : failedTests;
  }
  return counts;
}

function closingLine({ passed, failed, skipped }: Counts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
