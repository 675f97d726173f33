/** The order of blocks in an epoch. */
import { describe, expect, it } from 'vitest';
import { batches } from '../../../../src/main/engine/batch/sampler.ts';

describe('batches', () => {
  it('go through every block once; the last may be short', () => {
    const epoch = batches(10, 4, 1, 0);
    expect(epoch.map((batch) => batch.length)).toEqual([4, 4, 2]);
    expect(epoch.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('come in an order of seed and epoch', () => {
    const order = (seed: number, epoch: number): string => batches(20, 4, seed, epoch).join();
    expect(order(1, 0)).toBe(order(1, 0));
    expect(new Set([order(1, 0), order(1, 1), order(2, 0), order(2, 1)]).size).toBe(4);
  });

  it('are none without blocks', () => {
    expect(batches(0, 4, 1, 0)).toEqual([]);
  });
});
