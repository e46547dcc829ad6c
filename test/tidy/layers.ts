// The layers of src, as data, and the rules that hold the code to them.

import { posix } from 'node:path';
import { type Finding, finding, type Import, type Rule, type Source } from './source.ts';

interface Layer {
  /** Layers it may import besides base and itself; 'types of X' allows `import type` only. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
  readonly isPure: boolean;
}

const row = (imports: readonly string[], packages: readonly string[] = []): Layer => ({ imports, packages, isPure: true });

/** The simulated machine. Who looks at a world from above reads its parts by their own types: a facade over them would be a barrel. */
const machine = ['kernel', 'zab', 'server', 'client', 'ensemble'];

const pureRows: Readonly<Record<string, Layer>> = {
  base: row([], ['seedrandom']),
  kernel: row([]),
  zab: row([]),
  server: row(['zab'], ['@noble/hashes']),
  client: row(['server']),
  ensemble: row(['kernel', 'zab', 'server', 'client']),
  mutations: row(['types of zab', 'types of server', 'types of client', 'types of kernel']),
  check: row(machine),
  words: row([...machine, 'check', 'mutations']),
  scenario: row([...machine, 'check', 'mutations', 'words'], ['yaml', 'zod']),
  spec: row([]),
  hunt: row([...machine, 'mutations', 'scenario', 'check', 'spec', 'words', 'view']),
  lab: row(['scenario', 'hunt']),
  view: row([...machine, 'check', 'words']),
  wire: row(['server'], ['fflate', 'snappyjs']),
};

const pureNames = Object.keys(pureRows);

const layers: Readonly<Record<string, Layer>> = {
  ...pureRows,
  gateway: { imports: [...machine, 'mutations', 'words', 'scenario', 'wire'], packages: ['zod', '@noble/hashes'], isPure: false },
  fleet: { imports: ['hunt'], packages: ['tinypool'], isPure: false },
  cli: { imports: [...pureNames, 'gateway', 'fleet'], packages: ['commander', 'picocolors', 'zod'], isPure: false },
  index: { imports: pureNames, packages: [], isPure: true },
  web: { imports: pureNames, packages: ['react', 'react-dom', 'd3', 'immer'], isPure: false },
};

/** Single files that may go past their row, with the reason. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  // The version of the package, which `--version` prints.
  'src/gateway/version.ts': ['package.json'],
  // What the facts test writes, so that the command knows it without the sources.
  'src/cli/facts-file.ts': ['src/cli/facts.json'],
};

/** What the web build turns into modules besides TypeScript. */
const webAssets = /\.(css|json|svg|yaml)(\?raw|\?url|\?inline)?$|\.ts\?worker$/;

export function isPure(source: Source): boolean {
  return layers[layerOf(source.path)]?.isPure === true;
}

/** `base` of src/base/hash.ts, `index` of src/index.ts, `web` of web/app/main.tsx. */
function layerOf(path: string): string {
  const [top, folder] = path.split('/');
  return top === 'web' ? 'web' : (folder ?? '').replace(/^index\.ts$/, 'index');
}

function targetOf(source: Source, { specifier }: Import): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(source.path), specifier.replace(/\?\w+$/, '')) : null;
}

function* importsOf(sources: readonly Source[]): Generator<{ source: Source; layer: Layer; each: Import }> {
  for (const source of sources) {
    const layer = layers[layerOf(source.path)];
    if (layer === undefined || source.path.endsWith('.mjs')) continue;
    for (const each of source.imports) yield { source, layer, each };
  }
}

export const knownFolders: Rule = {
  name: 'every folder of src is a layer of the table',
  check: (sources) => {
    const strange = sources.filter((source) => layers[layerOf(source.path)] === undefined);
    return strange.map((source) => finding(source, 0, `src/${layerOf(source.path)} is no layer: add it to the table or move the file`));
  },
  bad: [{ 'src/utils/text.ts': 'export const a = 1;' }, { 'src/text.ts': 'export const a = 1;' }],
  good: [{ 'src/base/text.ts': 'export const a = 1;' }, { 'src/index.ts': 'export const a = 1;' }],
};

export const allowedLayers: Rule = {
  name: 'a layer imports only the layers of its row',
  check: (sources) => {
    const found: Finding[] = [];
    for (const { source, layer, each } of importsOf(sources)) {
      const target = targetOf(source, each);
      if (target === null || exceptions[source.path]?.includes(target) === true) continue;
      const refusal = refusalOf(layerOf(source.path), layer, target, each.isType);
      if (refusal !== null) found.push(finding(source, each.start, refusal));
    }
    return found;
  },
  bad: [
    { 'src/base/a.ts': "import { b } from '../kernel/b.ts';" },
    { 'src/zab/a.ts': "import type { b } from '../server/b.ts';" },
    { 'src/mutations/a.ts': "import { b } from '../zab/b.ts';" },
    { 'src/kernel/a.ts': "export type A = import('../zab/b.ts').B;" },
    { 'src/hunt/a.ts': "export const a = () => import('../cli/main.ts');" },
    { 'src/view/a.ts': "import { b } from '../../test/b.ts';" },
    { 'web/a.ts': "import { b } from '../src/gateway/b.ts';" },
    { 'src/zab/a.ts': "import { b } from '../index.ts';" },
  ],
  good: [
    { 'src/server/a.ts': "import { b } from '../zab/b.ts'; import { c } from '../base/c.ts'; import { d } from './d.ts';" },
    { 'src/mutations/a.ts': "import type { b } from '../zab/b.ts'; import { c } from '../base/c.ts';" },
    { 'web/a.tsx': "import { b } from '../src/view/b.ts'; import './a.css'; import text from '../scenarios/a.yaml?raw';" },
    { 'src/index.ts': "export { a } from './hunt/a.ts';" },
  ],
};

function refusalOf(name: string, layer: Layer, target: string, isType: boolean): string | null {
  if (name === 'web' && !target.startsWith('src/')) {
    return /^(web|scenarios)\//.test(target) ? null : `web does not import ${target}`;
  }
  if (!target.startsWith('src/')) return `${name} imports ${target}, outside of src`;
  const other = layerOf(target);
  if (other === name || other === 'base' || layer.imports.includes(other)) return null;
  if (!layer.imports.includes(`types of ${other}`)) return `${name} does not import ${other} (${target})`;
  return isType ? null : `${name} imports only types of ${other} (import type)`;
}

export const extensions: Rule = {
  name: 'relative imports name the file with its extension',
  check: (sources) => {
    const found: Finding[] = [];
    for (const { source, each } of importsOf(sources)) {
      if (!each.specifier.startsWith('.') || /\.tsx?$/.test(each.specifier)) continue;
      if (exceptions[source.path]?.includes(targetOf(source, each) ?? '') === true) continue;
      if (source.path.startsWith('web/') && webAssets.test(each.specifier)) continue;
      found.push(finding(source, each.start, `write the file's extension: '${each.specifier}'`));
    }
    return found;
  },
  bad: [{ 'src/base/a.ts': "import { b } from './b';" }, { 'src/base/a.ts': "import { b } from './b.js';" }],
  good: [{ 'src/base/a.ts': "import { b } from './b.ts';" }],
};

export const allowedPackages: Rule = {
  name: 'a layer imports only the packages of its row, and Node only where it is impure',
  check: (sources) => {
    const found: Finding[] = [];
    for (const { source, layer, each } of importsOf(sources)) {
      if (each.specifier.startsWith('.')) continue;
      const isNode = each.specifier.startsWith('node:');
      const isAllowed = isNode ? !layer.isPure && !source.path.startsWith('web/') : layer.packages.includes(packageOf(each.specifier));
      if (!isAllowed) found.push(finding(source, each.start, `${layerOf(source.path)} does not import ${each.specifier}`));
    }
    return found;
  },
  bad: [
    { 'src/kernel/a.ts': "import seedrandom from 'seedrandom';" },
    { 'src/base/a.ts': "import { join } from 'node:path';" },
    { 'web/a.ts': "import { join } from 'node:path';" },
    { 'src/server/a.ts': "import { join } from 'path';" },
  ],
  good: [
    { 'src/base/a.ts': "import seedrandom from 'seedrandom';" },
    { 'src/server/a.ts': "import { sha1 } from '@noble/hashes/legacy.js';" },
    { 'src/cli/a.ts': "import { join } from 'node:path';" },
  ],
};

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** `import type` does not count: types may speak of each other, what runs may not wait for itself. */
export const noCycles: Rule = {
  name: 'no file imports itself by way of others',
  check: (sources) => {
    const byPath = new Map(sources.map((source) => [source.path, source]));
    const done = new Set<string>();
    const found: Finding[] = [];
    const visit = (source: Source, trail: readonly string[]): void => {
      const from = trail.indexOf(source.path);
      if (from >= 0) found.push(finding(source, 0, `import cycle: ${[...trail.slice(from), source.path].join(' -> ')}`));
      if (from >= 0 || done.has(source.path)) return;
      for (const each of source.imports.filter((each) => !each.isType)) {
        const target = byPath.get(targetOf(source, each) ?? '');
        if (target !== undefined) visit(target, [...trail, source.path]);
      }
      done.add(source.path);
    };
    for (const source of sources) visit(source, []);
    return found;
  },
  bad: [
    { 'src/base/a.ts': "import { b } from './b.ts';", 'src/base/b.ts': "import { type a } from './a.ts';" },
    {
      'src/zab/a.ts': "import { b } from './b.ts';",
      'src/zab/b.ts': "export * from './c.ts';",
      'src/zab/c.ts': "import { a } from './a.ts';",
    },
  ],
  good: [
    { 'src/base/a.ts': "import { b } from './b.ts';", 'src/base/b.ts': "import type { a } from './a.ts';" },
    {
      'src/base/a.ts': "import { b } from './b.ts'; import { c } from './c.ts';",
      'src/base/b.ts': "import { c } from './c.ts';",
      'src/base/c.ts': '',
    },
  ],
};
