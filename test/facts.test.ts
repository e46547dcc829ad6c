// src/cli/facts.json says of every behaviour id whether it is tested, modelled, or left out and why; `npm run facts` writes it anew.

import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { factsJson } from '../src/cli/facts.ts';
import { areaOf, idsOfList, readFacts, type FactsFile, type FactStatus } from '../src/cli/facts-file.ts';
import { bracketed, citedBySources, citedByTests, idsIn } from './support/cited-facts.ts';
import { zablab } from './support/command-line.ts';

const file = readFacts();
const known = new Set(file.facts.map(({ id }) => id));
const inTests = citedByTests();
const inSources = citedBySources();
const tested = new Set(inTests.map(({ id }) => id));
const modelled = new Set([...inSources.map(({ id }) => id), ...file.modelled.flatMap(({ ids }) => idsOfList(ids))]);
const leftOut = new Set(file.leftOut.flatMap(({ ids }) => idsOfList(ids)));

function statusOf(id: string): FactStatus {
  return tested.has(id) ? 'tested' : modelled.has(id) ? 'modelled' : 'left-out';
}

/** The file with every status as it is now: one line an entry. */
function written(): string {
  const facts = file.facts.map(({ id, title }) => ({ id, title, status: statusOf(id) }));
  const count = facts.filter(({ status }) => status === 'tested').length;
  const now: FactsFile = { ...file, testedMin: Math.max(file.testedMin, count), facts };
  const list = (entries: readonly object[]): string => `[\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
  const fields = Object.entries(now).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${Array.isArray(value) ? list(value) : JSON.stringify(value)}`,
  );
  return `{\n${fields.join(',\n')}\n}\n`;
}

describe('facts.json', () => {
  test('says what tests and sources cite now: `npm run facts` writes it', async () => {
    await expect(written()).toMatchFileSnapshot('../src/cli/facts.json');
  });

  test('the number of tested ones does not fall', () => {
    expect([...known].filter((id) => tested.has(id)).length).toBeGreaterThanOrEqual(file.testedMin);
  });

  test('every id that is neither tested nor modelled has a reason', () => {
    expect([...known].filter((id) => statusOf(id) === 'left-out' && !leftOut.has(id))).toEqual([]);
  });

  test('no id stands twice, and each belongs to an area', () => {
    const areas = file.areas.map(({ area }) => area);
    expect(file.facts.length).toBe(known.size);
    expect([...known].filter((id) => !areas.includes(areaOf(id)))).toEqual([]);
  });

  test('reasons and places name ids and files that there are', () => {
    const named = [...file.modelled, ...file.leftOut].flatMap(({ ids }) => idsOfList(ids));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    expect(file.modelled.map((entry) => entry.in).filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('what is cited', () => {
  const areas = new Set(file.areas.map(({ area }) => area));

  test('no test cites an id that there is not', () => {
    expect(inTests.filter(({ id }) => !known.has(id)).map(({ by, id }) => `${by} cites ${id}`)).toEqual([]);
  });

  test('no source cites an id that there is not', () => {
    const strange = inSources.filter(({ id }) => areas.has(areaOf(id)) && !known.has(id));
    expect(strange.map(({ by, id }) => `${by} cites ${id}`)).toEqual([]);
  });

  test('lists and ranges are read', () => {
    expect(idsIn('see SYNC-44..47, ID-12 and SESS-30/31')).toEqual([
      'SYNC-44',
      'SYNC-45',
      'SYNC-46',
      'SYNC-47',
      'ID-12',
      'SESS-30',
      'SESS-31',
    ]);
    expect(bracketed('a name [ELEC-17, CNX-18] with (ID-01) [ZOOKEEPER-1419] and [1, 2]')).toEqual(['ELEC-17', 'CNX-18']);
    expect(idsOfList('QV-02..04 CFG-09/10')).toEqual(['QV-02', 'QV-03', 'QV-04', 'CFG-09', 'CFG-10']);
  });
});

describe('zablab facts', () => {
  test('--json prints every id once, in the documented shape', async () => {
    const { code, out } = await zablab(['facts', '--json']);
    expect(code).toBe(0);
    const { counts, facts } = factsJson.parse(JSON.parse(out));
    expect(facts).toHaveLength(known.size);
    expect(counts.tested + counts.modelled + counts['left-out']).toBe(known.size);
    expect(facts.filter(({ status, why }) => (status === 'left-out') !== (why !== null) || why === '')).toEqual([]);
  });

  test('one area, or one id, and how many are what', async () => {
    expect((await zablab(['facts', 'elec'])).out).toMatch(
      /^leader election\n  ELEC-01  .*\n[^]*\n\d+ tested, \d+ modelled, \d+ left out, of 42\n$/,
    );
    expect((await zablab(['facts', 'RCFG-05'])).out).toBe(
      'dynamic reconfiguration\n  RCFG-05  left-out  fields of the request (dynamic reconfiguration is not here yet)\n\n0 tested, 0 modelled, 1 left out, of 1\n',
    );
  });

  test('an area that there is not: exit 2 and the nearest', async () => {
    expect(await zablab(['facts', 'ELC'])).toMatchObject({ code: 2, err: expect.stringContaining('unknown area "ELC"') });
    expect(await zablab(['facts', 'ELEC-77'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean ELEC-07?') });
  });
});
