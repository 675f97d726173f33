/** The JSON text of a value that came out of JSON, to be shown to a person. */

/** Numbers beyond 2^53 are shown as text, and those beyond what a number can hold in words: `JSON.stringify` makes them null. */
export function shownJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return inWords(value);
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'bigint') return each.toString();
    return typeof each === 'number' && !Number.isFinite(each) ? inWords(each) : each;
  });
}

/** JSON has no word for "no number", so it is one of the two. */
function inWords(value: number): string {
  return value < 0 ? 'a number below -1e308' : 'a number beyond 1e308';
}
