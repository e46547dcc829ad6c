// Which ensemble the suites run against: the gateway, or with ZABLAB_CLIENTS_AGAINST=reference the real one.

import { startGateway } from './gateway-target.ts';
import { startReference } from './reference.ts';
import type { Target, TargetOptions } from './target.ts';

export const isReference = process.env['ZABLAB_CLIENTS_AGAINST'] === 'reference';

export function startTarget(options: TargetOptions = {}): Promise<Target> {
  return isReference ? startReference(options) : startGateway();
}
