/** What the command palette finds: entries whose words begin as those of the search do, the best first. */
import type { IconName } from './icons.ts';
import type { ActionEffect } from './actions.ts';

export type Entry = {
  /** Its own among those that are shown. */
  key: string;
  label: string;
  /** What kind of thing it is, or what tells it from others of its name. */
  note: string;
  icon: IconName;
  keys: string | null;
  effect: ActionEffect;
};

const folded = (text: string) => text.normalize('NFC').toLowerCase();
const wordsOf = (text: string) =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/**
 * How well an entry fits: 3 where its label begins with the search, 2 where its words do, in their order, 1 where each word
 * of the search is somewhere in it; 0 for one that does not fit.
 */
export function fit({ label, note }: Pick<Entry, 'label' | 'note'>, search: string): number {
  const wanted = wordsOf(search);
  if (wanted.length === 0 || folded(label).startsWith(folded(search.trim()))) return 3;
  const there = wordsOf(label);
  let at = 0;
  const inOrder = wanted.every((word) => {
    const found = there.findIndex((each, index) => index >= at && each.startsWith(word));
    at = found + 1;
    return found >= 0;
  });
  if (inOrder) return 2;
  const text = folded(`${label} ${note}`);
  return wanted.every((word) => text.includes(word)) ? 1 : 0;
}

/** Those that fit, the best first and otherwise in their order. */
export function fitting(entries: readonly Entry[], search: string): Entry[] {
  return entries
    .map((entry) => ({ entry, fit: fit(entry, search) }))
    .filter((each) => each.fit > 0)
    .sort((one, other) => other.fit - one.fit)
    .map(({ entry }) => entry);
}
