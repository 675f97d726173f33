/** A few of many items, for a table. */

/** Indices of at most `limit` of `count` items at even distances, the first and the last among them. */
export function sampleEvenly(count: number, limit: number): number[] {
  const length = Math.min(count, limit);
  return Array.from({ length }, (_, index) =>
    Math.round((index * (count - 1)) / (length - 1 || 1)),
  );
}
