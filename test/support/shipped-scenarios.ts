// Every scenario that the package ships, by its path from the root of the repository.

import { readdirSync, readFileSync } from 'node:fs';

/** Path with forward slashes, and text. */
export const SHIPPED: readonly (readonly [file: string, text: string])[] = readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
  .map((path) => `scenarios/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.yaml'))
  .toSorted((a, b) => (a < b ? -1 : 1))
  .map((path) => [path, readFileSync(path, 'utf8')] as const);
