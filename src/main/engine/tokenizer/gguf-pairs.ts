/** Key-values of a GGUF file, each with the type that it is written in. */

/** A list is written whole, with one type for all of its values. */
export type GgufValue =
  | { type: 'uint32' | 'int32' | 'float32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'array'; of: 'uint8' | 'uint32' | 'int32' | 'float32'; value: readonly number[] }
  | { type: 'array'; of: 'string'; value: readonly string[] };

/** In the order in which they are written. */
export type GgufPairs = ReadonlyMap<string, GgufValue>;

/** The values alone, as a reader of the file has them. */
export function plainValues(
  pairs: Iterable<readonly [string, GgufValue]>,
): Record<string, GgufValue['value']> {
  return Object.fromEntries(Array.from(pairs, ([key, { value }]) => [key, value]));
}
