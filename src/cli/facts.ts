/** `zablab facts`: ZooKeeper's behaviours by id, each as tested, modelled, or left out and why. */
import { z } from 'zod';
import { InputError, unknownName } from '../scenario/input-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { areaOf, factStatus, idsOfList, readFacts, type FactsFile, type FactStatus } from './facts-file.ts';
import { table, type Terminal } from './terminal.ts';

/** What `zablab facts --json` prints: one object. */
export const factsJson = z.strictObject({
  formatVersion: z.literal(1),
  counts: z.record(factStatus, z.int().nonnegative()),
  facts: z.array(
    z.strictObject({
      id: z.string(),
      /** The area that the id belongs to, in words. */
      area: z.string(),
      title: z.string(),
      status: factStatus,
      /** Why it is left out; null for the others. */
      why: z.string().nullable(),
    }),
  ),
});

export type FactsJson = z.output<typeof factsJson>;

export function factsCommand(prefix: string | undefined, flags: { readonly json?: boolean }, terminal: Terminal): ExitCode {
  const file = readFacts();
  const facts = factsJsonOf(file, prefix?.toUpperCase());
  terminal.out(flags.json === true ? `${JSON.stringify(facts, null, 2)}\n` : textOf(facts, terminal));
  return EXIT.ok;
}

function factsJsonOf(file: FactsFile, prefix: string | undefined): FactsJson {
  const listed = file.facts.filter(({ id }) => prefix === undefined || id === prefix || areaOf(id) === prefix);
  if (prefix !== undefined && listed.length === 0) {
    const known = prefix.includes('-') ? file.facts.map(({ id }) => id) : file.areas.map(({ area }) => area);
    throw new InputError({ file: 'facts', line: 0, column: 0 }, unknownName(prefix.includes('-') ? 'id' : 'area', prefix, known));
  }
  const areas = new Map(file.areas.map(({ area, title }) => [area, title]));
  const why = reasonsOf(file);
  const count = (wanted: FactStatus): number => listed.filter(({ status }) => status === wanted).length;
  return {
    formatVersion: 1,
    counts: { tested: count('tested'), modelled: count('modelled'), 'left-out': count('left-out') },
    facts: listed.map(({ id, title, status }) => ({
      id,
      area: areas.get(areaOf(id)) ?? '',
      title,
      status,
      why: status === 'left-out' ? (why.get(id) ?? '') : null,
    })),
  };
}

function reasonsOf({ leftOut }: FactsFile): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { ids, why } of leftOut) for (const id of idsOfList(ids)) if (!reasons.has(id)) reasons.set(id, why);
  return reasons;
}

function textOf({ counts, facts }: FactsJson, { colours }: Terminal): string {
  const paint: Readonly<Record<FactStatus, (text: string) => string>> = {
    tested: colours.green,
    modelled: String,
    'left-out': colours.dim,
  };
  const areas = [...new Set(facts.map(({ area }) => area))];
  const sections = areas.map((area) => {
    const own = facts.filter((fact) => fact.area === area);
    const lines = table(own.map(({ id, status, title, why }) => [id, status, why === null ? title : `${title} (${why})`])).split('\n');
    return `${colours.bold(area)}\n${own.map(({ status }, i) => `${paint[status](lines[i] ?? '')}\n`).join('')}`;
  });
  return `${sections.join('\n')}\n${counts.tested} tested, ${counts.modelled} modelled, ${counts['left-out']} left out, of ${facts.length}\n`;
}
