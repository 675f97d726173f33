/**
 * What a JavaScript value does not keep of the JSON text that it was read from, and Python does: the order of keys such as "2", which
 * JavaScript puts first, and that 21.0 is no whole number. Remembered beside the objects and lists themselves.
 */

export type WrittenAs = {
  /** All keys in the order of the text, where that is another one than JavaScript's; null elsewhere. */
  keys: readonly string[] | null;
  /** Keys, or places in a list, of numbers that are whole and were written as none: 21.0, 1e3, -0.0. */
  floats: ReadonlySet<string>;
};

const known = new WeakMap<object, WrittenAs>();
const nothing: WrittenAs = { keys: null, floats: new Set() };

/** Adds to what is known of an object or a list. */
export function rememberWritten(of: object, written: Partial<WrittenAs>): void {
  known.set(of, { ...writtenAs(of), ...written });
}

export function writtenAs(of: object): WrittenAs {
  return known.get(of) ?? nothing;
}
