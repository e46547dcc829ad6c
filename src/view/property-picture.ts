/** The properties at one moment, and the light that sums them up. */
import type { PropertyReport } from '../check/checker.ts';
import { findingWords, PROPERTY_WORDS } from '../words/english-check.ts';
import type { Names } from '../words/names.ts';

export interface PropertyPicture {
  readonly id: string;
  readonly title: string;
  readonly status: PropertyReport['status'];
  /** Of the first violation. */
  readonly violation: { readonly event: number; readonly at: number; readonly text: string } | null;
}

/** dark: nothing to judge yet. */
export type Light = 'held' | 'violated' | 'dark';

export interface PropertiesPicture {
  readonly light: Light;
  readonly held: number;
  readonly violated: number;
  readonly properties: readonly PropertyPicture[];
}

export function propertiesPicture(reports: readonly PropertyReport[], names: Names): PropertiesPicture {
  const properties = reports.map(({ id, status, violation }): PropertyPicture => ({
    id,
    title: PROPERTY_WORDS[id],
    status,
    violation: violation === null ? null : { event: violation.event, at: violation.at, text: findingWords(violation, names) },
  }));
  const violated = properties.filter(({ status }) => status === 'violated').length;
  const held = properties.filter(({ status }) => status === 'held').length;
  return { light: violated > 0 ? 'violated' : held > 0 ? 'held' : 'dark', held, violated, properties };
}
