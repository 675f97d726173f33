/** What a base is called: shapes say nothing of the weights that an adapter was trained on, and names may. */

/** What says how weights are held, at the end of a name: '-bnb-4bit', '.Q4_K_M', '-GGUF'. */
const form =
  /(?:[-_. ](?:gguf|unsloth|bnb|[48]-?bit|nf4|fp4|int[48]|b?f(?:loat)?(?:16|32)|fp(?:16|32)|(?:i?q|tq)\d(?:_[a-z0-9]+)*))+$/;
/** Where Hugging Face's cache has a repository: models--ORG--NAME/snapshots/COMMIT. */
const inCache = /(?:^|[\\/])models--(?:.*--)?(.+?)[\\/]snapshots(?:[\\/]|$)/;

/**
 * The last part of a path or of a repository's name in small letters, without what says how its weights are held; null where that
 * says nothing of it: a number, or 'model'.
 */
export function baseNameOf(path: string): string | null {
  const last = inCache.exec(path)?.[1] ?? path.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  const name = last
    .toLowerCase()
    .replace(/(?:-\d{5}-of-\d{5})?\.gguf$/, '')
    .replace(form, '');
  return /^(?:(?:sha256-)?[0-9a-f]{12,}|(?:ggml-)?model|)$/.test(name) ? null : name;
}

/** What to say where an adapter names another base than the one that it is used with; null where that is nothing. */
export function otherName(named: string | null, base: string): string | null {
  const [theirs, ours] = [baseNameOf(named ?? ''), baseNameOf(base)];
  if (theirs === null || ours === null || theirs === ours) return null;
  return `The adapter names ${named} as its base, and is used with ${base}. If these are not one model under two names, its answers mean nothing.`;
}
