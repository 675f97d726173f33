/** Key-values of a GGUF file, each with the type that it is written in. */

/** 64-bit integers are exact up to 2^53 here, above what any key of a file counts. */
export type GgufNumberType =
  | ('uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64')
  | ('float32' | 'float64');

/** A list is written whole, with one type for all of its values. */
export type GgufValue =
  | { type: GgufNumberType; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'array'; of: GgufNumberType; value: readonly number[] }
  | { type: 'array'; of: 'bool'; value: readonly boolean[] }
  | { type: 'array'; of: 'string'; value: readonly string[] };

/** In the order in which they are written. */
export type GgufPairs = ReadonlyMap<string, GgufValue>;

/** The values alone, as a reader of the file has them. */
export function plainValues(
  pairs: Iterable<readonly [string, GgufValue]>,
): Record<string, GgufValue['value']> {
  return Object.fromEntries(Array.from(pairs, ([key, { value }]) => [key, value]));
}
