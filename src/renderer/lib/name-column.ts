/** The column of module names beside a grid of layers. */

/** Its width in CSS: room for the longest name, whose letters are 0.6 of their size wide in most fonts of one width. */
export function nameColumn(names: readonly string[]): string {
  const longest = Math.max(0, ...names.map((name) => name.length));
  return `max(84px, calc(${longest} * 0.62 * var(--text-s) + var(--space-2)))`;
}
