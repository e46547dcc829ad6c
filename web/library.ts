/** The scenarios that come with the page, by name: their path below `scenarios` without the ending. */

export interface LibraryScenario {
  readonly id: string;
  readonly folder: string;
  readonly title: string;
  readonly text: string;
}

/** Three servers and two clients that read and write: what the page opens where it has no files. */
const BUILT_IN = scenarioOf(
  'basics/first-steps',
  `name: First steps
about: Three servers elect a leader; two clients read and write through it.
ensemble:
  servers: 3
clients: [alice, bob]
script:
  - until: all serving
    within: 10s
  - alice: create /greeting hello
  - bob: get -w /greeting
  - alice: set /greeting welcome
`,
);

const PREFERRED = ['basics/first-steps', 'basics/election-of-three'];

let scenarios: readonly LibraryScenario[] = [BUILT_IN];

/** Paths of files and their texts, once they are loaded. */
export function fillLibrary(texts: Readonly<Record<string, string>>): void {
  const found = Object.entries(texts).map(([path, text]) => scenarioOf(path.replace(/^.*scenarios\//, '').replace(/\.yaml$/, ''), text));
  if (found.length > 0) scenarios = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function scenarioOf(id: string, text: string): LibraryScenario {
  const title = /^name:\s*(.+?)\s*$/m.exec(text)?.[1]?.replace(/^(["'])(.*)\1$/, '$2') ?? id;
  return { id, folder: id.split('/')[0] ?? '', title, text };
}

export function library(): readonly LibraryScenario[] {
  return scenarios;
}

export function defaultScenario(): LibraryScenario {
  return PREFERRED.flatMap((id) => scenarios.filter((scenario) => scenario.id === id))[0] ?? scenarios[0] ?? BUILT_IN;
}

export function findScenario(id: string): LibraryScenario | null {
  return scenarios.find((scenario) => scenario.id === id) ?? null;
}
