// Installs what suites need, on a Debian machine where a run asked for everything: by CI or ZABLAB_REQUIRE. Nobody's machine gets software uninvited.

import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Tool } from './suites.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A tool, and the Debian packages that bring it. */
export interface Wish {
  readonly tool: Tool<unknown>;
  readonly packages: readonly string[];
}

export function installWhereAsked(wishes: readonly Wish[], env: Environment = process.env): void {
  const isAsked = (env['CI'] ?? '') !== '' || (env['ZABLAB_REQUIRE'] ?? '') !== '';
  const packages = wishes.flatMap((wish) => ('found' in wish.tool ? [] : wish.packages));
  if (!isAsked || packages.length === 0 || !isRoot() || !existsSync('/etc/debian_version')) return;
  const apt: SpawnSyncOptions = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], apt);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], apt);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
