// Runs once before all tests, outside their workers.

import { findChromium } from '../browser/chromium.ts';
import { clientWishes } from '../clients/tools.ts';
import { installWhereAsked } from './debian.ts';

export function setup(): void {
  installWhereAsked([{ tool: findChromium(), packages: ['chromium'] }, ...clientWishes()]);
}
