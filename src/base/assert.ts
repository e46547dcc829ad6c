/** A broken promise of this program, never of the simulated world: that is data, and never of the user's input. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Throws Bug unless `ok`. Hot paths pass a function, so that the text is built only when it is needed. */
export function assert(ok: boolean, message: string | (() => string)): asserts ok {
  if (!ok) throw new Bug(typeof message === 'string' ? message : message());
}

/** The end of an exhaustive switch: the compiler proves that no value gets here; at run time one that does is a Bug. */
export function unreachable(x: never): never {
  throw new Bug(`no case for ${String(JSON.stringify(x))}`);
}
