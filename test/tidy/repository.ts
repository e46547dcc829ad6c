// What must not stand in any file of the repository: addresses of one machine, or of one registry.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Finding } from './source.ts';

// The brackets keep this file from finding itself.
const forbidden = /npm[j]s\.(org|com)|yarn[p]kg\.com|deb\.[d]ebian\.org|[p]ypi\.org|(?<![\w.\-/*])\/(work|farm)\/[\w.]/;

/** Committed files and new ones that are not ignored. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '');
}

export function addressesIn(path: string, text: string): Finding[] {
  if (text.includes('\0')) return []; // not text
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const found = forbidden.exec(line)?.[0];
    return found === undefined ? [] : [`${path}:${index + 1} names ${found}`];
  });
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

/** Packages for other machines that a registry did not have when the lock was made: npm leaves them out, and `npm ci` then refuses the lock. */
export function missingFromLock(text: string): Finding[] {
  const { packages } = JSON.parse(text) as Lock;
  const found: Finding[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      const isThere = `${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages;
      if (!isThere) found.push(`${name} of ${path}`);
    }
  }
  return found;
}

/** Null for a file that is listed but was just removed. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
