// Polices the repository: layers, purity, shape, tests. Each rule is data and a function in test/tidy, and is tried on samples it must refuse.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allowedLayers, allowedPackages, extensions, knownFolders, noCycles } from './tidy/layers.ts';
import { exactMathOnly, noAsync, noBannedNames, noLocale, sortWithComparator } from './tidy/purity.ts';
import { addressesIn, missingFromLock, repositoryFiles, textOf } from './tidy/repository.ts';
import { casts, noBarrels, noMarks, refusedTypeScript, shortFiles, shortFunctions } from './tidy/shape.ts';
import { parseSource, type Rule, type Sample, type Source } from './tidy/source.ts';
import { noneLeftOut, uniqueNames } from './tidy/tests.ts';

const layerRules = [knownFolders, allowedLayers, extensions, allowedPackages, noCycles];
const pureRules = [noBannedNames, noAsync, exactMathOnly, noLocale, sortWithComparator];
const shapeRules = [shortFiles, shortFunctions, refusedTypeScript, casts, noBarrels, noMarks];
const testRules = [uniqueNames, noneLeftOut];

const files = repositoryFiles().filter((path) => existsSync(path));
const code = sourcesIn(/^(src|web)\/.*(?<!\.d)\.(ts|tsx|mjs)$/);
const tests = sourcesIn(/^test\/.*\.tsx?$/);

function sourcesIn(pattern: RegExp): Source[] {
  return files.filter((path) => pattern.test(path)).map((path) => parseSource(path, readFileSync(path, 'utf8')));
}

function parseSample(sample: Sample): Source[] {
  return Object.entries(sample).map(([path, text]) => parseSource(path, text));
}

function holds(rule: Rule, sources: readonly Source[]): void {
  const found = rule.check(sources);
  expect(found, found.join('\n')).toEqual([]);
}

describe('tidy', () => {
  for (const rule of [...layerRules, ...pureRules]) test(rule.name, () => holds(rule, code));
  for (const rule of shapeRules) test(rule.name, () => holds(rule, [...code, ...tests]));
  for (const rule of testRules) test(rule.name, () => holds(rule, tests));

  test('no file names a place on one machine or a registry', () => {
    const found = files.flatMap((path) => addressesIn(path, textOf(path) ?? ''));
    expect(found, found.join('\n')).toEqual([]);
  });

  test('package-lock.json holds no download addresses', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/);
  });

  test('package-lock.json names the packages for other machines too', () => {
    const missing = missingFromLock(readFileSync('package-lock.json', 'utf8'));
    expect(missing, 'npm ci refuses such a lock: make it anew, without node_modules').toEqual([]);
  });
});

describe('a rule bites', () => {
  for (const { name, check, bad, good } of [...layerRules, ...pureRules, ...shapeRules, ...testRules]) {
    test(`${name}: tried on samples`, () => {
      for (const sample of bad) expect(check(parseSample(sample)), JSON.stringify(sample)).toHaveLength(1);
      for (const sample of good) expect(check(parseSample(sample)), JSON.stringify(sample)).toEqual([]);
    });
  }

  test('addresses', () => {
    const registry = ['npm', 'js.org'].join('');
    const place = ['', 'work', 'main'].join('/');
    expect(addressesIn('a.md', `see ${registry}\nand ${place}`)).toHaveLength(2);
    expect(addressesIn('a.md', `see web${place} and /workers/a`)).toEqual([]);
  });

  test('an incomplete lock', () => {
    const wanting = { 'node_modules/a': { version: '1.0.0', optionalDependencies: { 'b-darwin': '1.0.0' } } };
    expect(missingFromLock(JSON.stringify({ packages: wanting }))).toEqual(['b-darwin of node_modules/a']);
    const nested = { ...wanting, 'node_modules/a/node_modules/b-darwin': { version: '1.0.0' } };
    expect(missingFromLock(JSON.stringify({ packages: nested }))).toEqual([]);
  });
});
