/** Names of runs and adapters as parts of file names. */

/**
 * 'Smart home, r = 8' becomes 'smart-home-r-8': letters and digits of any script, lower case, without accents; `otherwise`
 * where nothing is left. At most 60 units of UTF-16, which are 180 bytes.
 */
export function slug(name: string, otherwise: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  const cut = (words ?? []).join('-').slice(0, 60);
  // The cut may leave a hyphen, or the first half of a pair.
  return cut.replace(/[-\ud800-\udbff]$/, '') || otherwise;
}
