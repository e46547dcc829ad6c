/** A mistake in what a person wrote: where it is, what was found, what was expected, and the nearest right name. */
import { nearest } from '../base/text.ts';

export interface Place {
  readonly file: string;
  /** From 1; 0 when the whole input is meant. */
  readonly line: number;
  readonly column: number;
}

export class InputError extends Error {
  override readonly name = 'InputError';
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(place.line === 0 ? `${place.file}: ${message}` : `${place.file}:${place.line}:${place.column}: ${message}`);
    this.place = place;
  }
}

/** `unknown server "s9": expected one of s1, s2, s3; did you mean s1?` */
export function unknownName(what: string, found: string, known: readonly string[]): string {
  const near = nearest(found, known);
  const list = known.length === 0 ? 'there are none' : `expected one of ${known.slice(0, 40).join(', ')}`;
  return `unknown ${what} "${found}": ${list}${near === null ? '' : `; did you mean ${near}?`}`;
}
