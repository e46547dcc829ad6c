import { expect, test } from 'vitest';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { scenarioText } from '../../src/scenario/scenario-text.ts';
import { readYaml } from '../../src/scenario/yaml-text.ts';
import { shippedScenarios, shippedText } from '../../src/cli/scenario-input.ts';

test.for(shippedScenarios())('%s: its values as text are read as the same values', (name) => {
  const text = shippedText(name);
  const plain = readYaml(text, name).plain;
  if (typeof plain !== 'object' || plain === null) throw new Error(`${name} is no map`);
  const written = scenarioText(Object.fromEntries(Object.entries(plain)));
  expect(readYaml(written, name).plain).toEqual(plain);
  parseScenario(written, name);
});

test('a line an entry, short values on one line, texts without quotes where YAML needs none', () => {
  const text = scenarioText({
    name: 'x',
    seed: '01',
    mutations: ['ZOOKEEPER-4643', 'ZOOKEEPER-4646'],
    ensemble: { servers: '5', tickTime: '200ms' },
    clients: ['alice', { name: 'bob', servers: 's1, s2' }],
    script: [
      { alice: 'set /a x', async: 'true', at: '2.5s' },
      { hold: { type: 'UPTODATE', from: 's3', to: 's2' } },
      { partition: [['s1', 'alice'], 'rest'] },
    ],
    expect: [{ violates: 'I-LOSS' }],
  });
  expect(text).toBe(`name: x
seed: 01
mutations: [ ZOOKEEPER-4643, ZOOKEEPER-4646 ]
ensemble: { servers: 5, tickTime: 200ms }
clients:
  - alice
  - { name: bob, servers: "s1, s2" }
script:
  - alice: set /a x
    async: true
    at: 2.5s
  - hold: { type: UPTODATE, from: s3, to: s2 }
  - partition: [ [ s1, alice ], rest ]
expect:
  - violates: I-LOSS
`);
});
