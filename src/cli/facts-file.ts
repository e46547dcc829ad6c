/**
 * ZooKeeper's behaviours by id, as facts.json holds them. Titles and reasons are written by hand; the status of each is written by `npm run facts`,
 * from what tests and sources cite, so that the command knows it where they are not.
 */
import { z } from 'zod';
import facts from './facts.json';

export const factStatus = z.enum(['tested', 'modelled', 'left-out']);
export type FactStatus = z.output<typeof factStatus>;

/** `ELEC-17`, `SYNC-44..47` and `SESS-30/31`, separated by spaces. */
const idList = z.string().regex(/^[A-Z]+-\d\d((\.\.|\/)\d\d)*( [A-Z]+-\d\d((\.\.|\/)\d\d)*)*$/);

export const factsFile = z.strictObject({
  /** The number of tested ones never falls below this. */
  testedMin: z.int().nonnegative(),
  areas: z.array(z.strictObject({ area: z.string().regex(/^[A-Z]+$/), title: z.string() })),
  /** Modelled without a comment that says so: where. */
  modelled: z.array(z.strictObject({ ids: idList, in: z.string() })),
  /** Where neither a test nor a source cites it: why. The first entry that has the id counts. */
  leftOut: z.array(z.strictObject({ ids: idList, why: z.string() })),
  facts: z.array(z.strictObject({ id: z.string().regex(/^[A-Z]+-\d\d$/), title: z.string().max(60), status: factStatus })),
});

export type FactsFile = z.output<typeof factsFile>;

export function readFacts(): FactsFile {
  return factsFile.parse(facts);
}

/** Every id of a list. */
export function idsOfList(list: string): string[] {
  return list.split(' ').flatMap((range) => {
    const [area = '', rest = ''] = range.split('-');
    const [first = 0, ...others] = rest.split(/\.\.|\//).map(Number);
    const [last = first] = others;
    const numbers = rest.includes('..') ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [first, ...others];
    return numbers.map((n) => `${area}-${String(n).padStart(2, '0')}`);
  });
}

export function areaOf(id: string): string {
  return id.slice(0, id.lastIndexOf('-'));
}
