/** Some of a list, for work that would take too long with all of it. */

/** At most `most` items, evenly spread over the list, the same every time; null takes all. */
export function spread<T>(items: readonly T[], most: number | null): T[] {
  if (most === null || most >= items.length) return [...items];
  return items.filter(
    (_, i) => Math.floor((i * most) / items.length) !== Math.floor(((i - 1) * most) / items.length),
  );
}
