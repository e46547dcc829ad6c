/** The scenarios that come with the page, by name: their path below `scenarios` without the ending. */

const texts: Readonly<Record<string, string>> = import.meta.glob<string>('../scenarios/**/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface LibraryScenario {
  readonly id: string;
  readonly folder: string;
  readonly title: string;
  readonly text: string;
}

export const LIBRARY: readonly LibraryScenario[] = Object.entries(texts)
  .map(([path, text]) => {
    const id = path.replace(/^.*scenarios\//, '').replace(/\.yaml$/, '');
    const [folder = ''] = id.split('/');
    return { id, folder, title: titleOf(id, text), text };
  })
  .toSorted((a, b) => (a.id < b.id ? -1 : 1));

function titleOf(id: string, text: string): string {
  const match = /^name:\s*(.+?)\s*$/m.exec(text);
  return match?.[1]?.replace(/^(["'])(.*)\1$/, '$2') ?? id;
}

/** Three servers and a client that reads and writes: enough to see everything once. */
const BUILT_IN = `name: First steps
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
`;

const PREFERRED = ['basics/first-steps', 'basics/election-of-three'];

export const DEFAULT_SCENARIO: LibraryScenario = PREFERRED.flatMap((id) => LIBRARY.filter((scenario) => scenario.id === id))[0] ??
  LIBRARY[0] ?? { id: 'basics/first-steps', folder: 'basics', title: 'First steps', text: BUILT_IN };

export function findScenario(id: string): LibraryScenario | null {
  return LIBRARY.find((scenario) => scenario.id === id) ?? (DEFAULT_SCENARIO.id === id ? DEFAULT_SCENARIO : null);
}
