/** Lists of names in order of UTF-16 units, immutable: a change gives a new one, so that forks share the rest. */

export const noNames: readonly string[] = [];

/** The sorted names with one more; the same array when it was there. */
export function withName(names: readonly string[], name: string): readonly string[] {
  const at = placeOf(names, name);
  if (names[at] === name) return names;
  if (at === names.length) return names.concat(name);
  const next = names.slice(0, at);
  next.push(name);
  for (let i = at; i < names.length; i++) next.push(names[i] ?? '');
  return next;
}

/** The sorted names without one; the same array when it was not there. */
export function withoutName(names: readonly string[], name: string): readonly string[] {
  const at = placeOf(names, name);
  if (names[at] !== name) return names;
  const next = names.slice(0, at);
  for (let i = at + 1; i < names.length; i++) next.push(names[i] ?? '');
  return next;
}

/** Where `name` is or would be. */
function placeOf(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
