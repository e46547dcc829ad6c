// The usual forms of a script.

import type { Request } from './request.ts';
import type { Case, Stage } from './stage.ts';

export type Script = (stage: Stage) => Promise<void>;

/** Scripts by name; names are sentences and cite facts. */
export function cases(scripts: Readonly<Record<string, Script>>): Case[] {
  return Object.entries(scripts).map(([name, run]) => ({ name, run }));
}

/** One client, one call after another. */
export function calls(...requests: readonly Request[]): Script {
  return async (s) => {
    const a = await s.client('a');
    await a.calls(...requests);
  };
}

/** One client, all requests in one write. */
export function pipeline(...requests: readonly Request[]): Script {
  return async (s) => {
    const a = await s.client('a');
    await a.pipeline(...requests);
  };
}
