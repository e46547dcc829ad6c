// The releases that a mutation names: read as ranges of version numbers, and complete enough that presets follow from them.

import { expect, test } from 'vitest';
import { MUTATIONS } from '../../src/mutations/catalogue.ts';
import { presetMutations, PRESETS } from '../../src/mutations/presets.ts';
import { isInReleases } from '../../src/mutations/releases.ts';

const EVERY_PRESET = [
  '3.4.10',
  '3.4.14',
  '3.5.9',
  '3.5.10',
  '3.6.2',
  '3.6.3',
  '3.7.0',
  '3.8.0',
  '3.8.4',
  '3.9.1',
  '3.9.2',
  '3.9.3',
  '3.9.4',
];

test('a range has both of its ends, and one release is a range', () => {
  const inside = (versions: string): string[] => EVERY_PRESET.filter((release) => isInReleases(versions, release));
  expect(inside('3.5.10, 3.6.3-3.8.4')).toEqual(['3.5.10', '3.6.3', '3.7.0', '3.8.0', '3.8.4']);
  expect(inside('3.4.0-3.4.9, 3.9.5-master')).toEqual([]);
  expect(inside('')).toEqual([]);
});

test('versions are ordered by number: 3.5.10 comes after 3.5.9, master after all', () => {
  expect(isInReleases('3.5.2-3.5.9', '3.5.10')).toBe(false);
  expect(isInReleases('3.5.9-3.6.0', '3.5.10')).toBe(true);
  expect(isInReleases('3.9.4-master', 'master')).toBe(true);
  expect(isInReleases('3.9.4-3.9.5', 'master')).toBe(false);
});

test.each(['3.4.15', '3.9', 'trunk', '3.5.0-alpha', '3.5.2-3.5.1', '3.4.0-3.4.1-3.4.2', '3.4.0,3.4.1'])('%s is refused', (versions) => {
  expect(() => isInReleases(versions, '3.9.4')).toThrow(/is no/);
});

test('what every mutation names are releases', () => {
  for (const { id, versions } of MUTATIONS) expect(() => isInReleases(versions, 'master'), id).not.toThrow();
});

test('there is a preset for each of the releases people ask for, for master and for master repaired', () => {
  expect([...PRESETS].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    [...EVERY_PRESET, 'fixed', 'master'].toSorted((a, b) => (a < b ? -1 : 1)),
  );
  expect(presetMutations('3.3.6')).toBeNull();
});

test('a preset is what names its release, but for what the Debian package of 3.8.0 repairs', () => {
  for (const preset of PRESETS) {
    if (preset === 'fixed') continue;
    const named = MUTATIONS.filter(({ versions }) => isInReleases(versions, preset)).map(({ id }) => id);
    const repaired = preset === '3.8.0' ? ['ZOOKEEPER-4799'] : [];
    expect(presetMutations(preset)?.map(({ id }) => id)).toEqual(named.filter((id) => !repaired.includes(id)));
    for (const id of repaired) expect(named).toContain(id);
  }
});
