/** A few of many items, for a table. */

/** At most `limit` items at even distances, the first and the last among them. */
export function sampleEvenly<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const last = items.length - 1;
  return Array.from({ length: limit }, (_, index) =>
    Math.round((index * last) / (limit - 1)),
  ).flatMap((index) => items.slice(index, index + 1));
}
