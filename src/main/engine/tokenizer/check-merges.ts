/** Merges of a BPE model that speak of tokens which it does not have: the Rust library does not open such a file. */
import { isObject } from '../../../shared/is-object.ts';
import { splitMerge } from './merges.ts';

/** In words what is wrong with the first of them; null where nothing is, or the model has none. */
export function wrongMerge(model: unknown): string | null {
  if (!isObject(model)) return null;
  const { merges, vocab } = model;
  const wanted = model['type'] === 'BPE' || (merges !== undefined && merges !== null);
  if (!wanted || !isObject(vocab)) return null;
  if (!Array.isArray(merges)) return 'its merges are no list';
  for (const [index, merge] of merges.entries()) {
    const parts = partsOf(merge);
    if (parts === null) {
      return `its merge ${index + 1} is neither a pair of texts nor a text of two with a space between them`;
    }
    const [one, other] = parts;
    const missing = [one, other, one + other].find((token) => !Object.hasOwn(vocab, token));
    if (missing !== undefined) {
      return `its merge ${index + 1} has ${JSON.stringify(missing)}, which is not in the vocabulary`;
    }
  }
  return null;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A schema would take a second for half a million of them. */
function partsOf(merge: unknown): readonly [string, string] | null {
  if (typeof merge === 'string') return merge.includes(' ', 1) ? splitMerge(merge) : null;
  if (!isList(merge) || merge.length !== 2) return null;
  const [one, other] = merge;
  return typeof one === 'string' && typeof other === 'string' ? [one, other] : null;
}
