/**
 * What a JavaScript value does not keep of the JSON text that it was read from, and Python does: the order of keys such as "2", which
 * JavaScript puts first, and that 21.0 is no whole number. Remembered beside the objects and lists themselves.
 */

export type WrittenAs = {
  /** All keys in the order of the text, where that may be another one than JavaScript's; null elsewhere. */
  readonly keys: readonly string[] | null;
  /** Keys, or places in a list, of numbers that are whole and were written as none: 21.0, 1e3, -0.0. */
  readonly floats: ReadonlySet<string>;
};

type Kept = { keys: readonly string[] | null; floats: Set<string> };
const known = new WeakMap<object, Kept>();
const nothing: WrittenAs = { keys: null, floats: new Set() };

export function rememberKeys(of: object, keys: readonly string[]): void {
  kept(of).keys = keys;
}

export function rememberFloat(of: object, key: string): void {
  kept(of).floats.add(key);
}

export function writtenAs(of: object): WrittenAs {
  return known.get(of) ?? nothing;
}

function kept(of: object): Kept {
  const before = known.get(of);
  if (before !== undefined) return before;
  const made: Kept = { keys: null, floats: new Set() };
  known.set(of, made);
  return made;
}
