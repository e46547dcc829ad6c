// The published JSON Schema: up to date, and right about what people write, in the judgement of a validator that is not ours.

import { Validator } from '@cfworker/json-schema';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { scenarioSchema } from '../../src/scenario/json-schema.ts';
import { VERBS } from '../../src/scenario/lines.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { SHIPPED } from '../support/shipped-scenarios.ts';

const published = 'scenarios/scenario.schema.json';
const validator = new Validator(JSON.parse(JSON.stringify(scenarioSchema())), '7', false);

/** As an editor reads it: numbers and booleans are what YAML takes them for. */
function isValid(text: string): boolean {
  return validator.validate(parse(text)).valid;
}

test('the schema in the repository is the one that the code makes', async () => {
  await expect(`${JSON.stringify(scenarioSchema(), null, 2)}\n`).toMatchFileSnapshot(`../../${published}`);
});

describe.for(SHIPPED)('%s', ([file, text]) => {
  test('names the schema in its first line', () => {
    const up = '../'.repeat(file.split('/').length - 2);
    expect(text.split('\n', 1)[0]).toBe(`# yaml-language-server: $schema=${up}scenario.schema.json`);
  });

  test('is valid in the judgement of an independent validator', () => {
    expect(validator.validate(parse(text)).errors).toEqual([]);
  });
});

const head = 'name: x\nclients: [alice]\nscript:\n';

test('a line is one verb, or the name of a client, with the modifiers that go with it', () => {
  const good = [
    'wait: 1s',
    'kill: leader\n    as: old\n    at: 3s',
    'kill: [s1, s2]',
    'alice: get /a\n    expect: 5\n    async: true',
    'heal:',
    'heal: all',
    'drop: { type: ACK, zxid: 1.2, times: 3 }',
    'partition: [[s1, alice], s2]',
  ];
  const bad = [
    '{}',
    'at: 3s',
    'kill: s1\n    start: s1',
    'wait: 1s\n    as: old',
    'alice: get /a\n    as: old',
    'alice: get /a\n    start: s1',
    'alice: { get: /a }',
    'kill: { server: s1 }',
    'heal: s1',
    'wait: 5',
    'drop: { form: s1 }',
    '9lives: get /a',
  ];
  expect(good.filter((line) => !isValid(`${head}  - ${line}\n`))).toEqual([]);
  expect(bad.filter((line) => isValid(`${head}  - ${line}\n`))).toEqual([]);
});

test('what the schema refuses, the parser refuses too', () => {
  const documents = [
    'name: x\nensmble: {}\n',
    'seed: 1\n',
    'name: x\nensemble: { servers: 0 }\n',
    'name: x\nmode: fast\n',
    'name: x\nexpect: [{ violate: I-LOSS }]\n',
  ];
  for (const text of documents) {
    expect(isValid(text), text).toBe(false);
    expect(() => parseScenario(text, 'x.yaml'), text).toThrow(/^x\.yaml:\d+:\d+: /);
  }
});

test('numbers and booleans may be written as such', () => {
  const text =
    'name: 3.10\nseed: 0123\nensemble: { servers: 5, forceSnapshotSync: true, tickTime: 200ms }\nexpect:\n- trace: { note: committed, zxid: 1.2 }\n  times: 1\n';
  expect(isValid(text)).toBe(true);
  expect(parseScenario(text, 'x.yaml').document).toMatchObject({
    name: '3.10',
    seed: '0123',
    ensemble: { servers: 5, forceSnapshotSync: true },
  });
});

test('every verb is described', () => {
  const described = lineSchemas().flatMap(({ required, properties }) =>
    (required ?? []).map((verb) => [verb, properties[verb]?.description]),
  );
  expect(described.map(([verb]) => verb)).toEqual(VERBS);
  expect(described.filter(([, description]) => description === undefined || description === '')).toEqual([]);
});

interface LineSchema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
}

function lineSchemas(): readonly LineSchema[] {
  return JSON.parse(JSON.stringify(scenarioSchema())).properties.script.items.oneOf;
}
