/** Names for paths that are shown together. */

/** The last parts of each path, as few as tell all of them apart: 'data/yelp.jsonl' and 'other/yelp.jsonl'. */
export function shortNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split('/').filter((part) => part !== ''));
  const most = Math.max(1, ...parts.map(({ length }) => length));
  for (let count = 1; count <= most; count += 1) {
    const names = parts.map((each) => each.slice(-count).join('/'));
    if (new Set(names).size === new Set(paths).size) return names;
  }
  return [...paths];
}
