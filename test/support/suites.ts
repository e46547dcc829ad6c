// Suites that need something a machine may lack: a browser, Java, a real client. Where it is absent the suite is named at the end of the
// run as not run, with what to install; ZABLAB_REQUIRE=all (or a list: ZABLAB_REQUIRE=browser,java) turns that into a failure.

import { describe, test } from 'vitest';

/** What a suite needs: found, or how to get it. */
export type Tool<T> = { readonly found: T } | { readonly install: string };

/** The reporter finds suites that were left out by this mark in their names. */
export const notRun = 'not run';

/** The one place that leaves tests out. `body` is called only when the tool is there. */
export function suite<T>(name: string, tool: Tool<T>, body: (found: T) => void): void {
  if ('found' in tool) {
    describe(name, () => body(tool.found));
  } else if (isRequired(name)) {
    test(`${name} can be run`, () => {
      throw new Error(`ZABLAB_REQUIRE asks for the suite '${name}', which cannot run here: ${tool.install}`);
    });
  } else {
    describe.skipIf(true)(`${notRun}: ${name} (${tool.install})`, () => {
      test(`${name} can be run`, () => {});
    });
  }
}

export function isRequired(name: string, required = process.env['ZABLAB_REQUIRE'] ?? ''): boolean {
  const names = required.split(',').map((text) => text.trim());
  return names.includes('all') || names.includes(name);
}
