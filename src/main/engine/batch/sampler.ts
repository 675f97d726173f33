/** The order in which an epoch goes through the blocks. */
import { createRandom, permutation } from '../random.ts';

/** A stream of the seed that nothing else uses. */
const batchStream = 0x62617463;

/**
 * Block numbers of each batch of an epoch, shuffled by seed and epoch. The last batch may be short.
 * @param epoch from 0
 */
export function batches(
  blockCount: number,
  batchSize: number,
  seed: number,
  epoch: number,
): number[][] {
  const order = permutation(blockCount, createRandom(seed, batchStream, epoch));
  const count = Math.ceil(blockCount / batchSize);
  return Array.from({ length: count }, (_, index) =>
    order.slice(index * batchSize, (index + 1) * batchSize),
  );
}
