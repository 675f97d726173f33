/** Holds back a part of the data for validation. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { createRandom, permutation } from '../random.ts';

/** A stream of the seed that nothing else uses. */
const splitStream = 0x73706c74;

/**
 * A seeded split in which each part keeps the file's order and has at least one item.
 * @param fraction share of the items held back, 0 < fraction < 1
 * @throws dataset/too-few-to-split for fewer than two items
 */
export function splitExamples<T>(
  items: readonly T[],
  fraction: number,
  seed: number,
  path: string,
): { train: T[]; validation: T[] } {
  if (items.length < 2) {
    throw lorikeetError('dataset/too-few-to-split', { path, examples: items.length });
  }
  const count = Math.min(items.length - 1, Math.max(1, Math.round(items.length * fraction)));
  const order = permutation(items.length, createRandom(seed, splitStream));
  const held = new Set(order.slice(0, count));
  return {
    train: items.filter((_, index) => !held.has(index)),
    validation: items.filter((_, index) => held.has(index)),
  };
}
