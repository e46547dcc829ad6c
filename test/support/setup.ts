// Runs once before all tests, outside their workers.

import { installChromiumWhereAsked } from '../browser/chromium.ts';

export function setup(): void {
  installChromiumWhereAsked();
}
