/** Lists that are all there, and shown page by page. */

/** Rows of a page: what a window shows with little scrolling. */
export const pageSize = 30;

/** The page, from 0, with the item of this id; the first where there is none. */
export function pageWith(items: readonly { id: number }[], id: number | null): number {
  const at = items.findIndex((item) => item.id === id);
  return Math.floor(Math.max(0, at) / pageSize);
}

export function pageOfList<T>(items: readonly T[], page: number): T[] {
  return items.slice(page * pageSize, (page + 1) * pageSize);
}
