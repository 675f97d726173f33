/** Lists that are all there, and shown page by page. */

/** The page, from 0, with the item of this id; the first where there is none. */
export function pageWith(
  items: readonly { id: number }[],
  id: number | null,
  size: number,
): number {
  const at = items.findIndex((item) => item.id === id);
  return Math.floor(Math.max(0, at) / size);
}

export function pageOfList<T>(items: readonly T[], page: number, size: number): T[] {
  return items.slice(page * size, (page + 1) * size);
}
