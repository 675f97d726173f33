/** Examples as the batches that both sides get. */
import { describe, expect, test } from 'vitest';
import {
  batchAt,
  blockOf,
  learntIn,
  packedWork,
  paddedBatch,
  realTokens,
  rowOf,
  streamWork,
} from '../../bench/lib/batches.ts';
import { nextTokenLabels, type Sequence } from '../../src/main/engine/batch/sequence.ts';
import { packBlocks } from '../../src/main/engine/batch/pack.ts';

/** A prompt of two tokens, then learnt ones. */
function example(...tokens: number[]): Sequence {
  const all = Int32Array.from(tokens);
  return {
    line: 1,
    tokens: all,
    labels: nextTokenLabels(
      all,
      all.map((_, t) => (t < 2 ? 0 : 1)),
    ),
  };
}

const examples = [example(1, 2, 3, 4), example(5, 6, 7), example(8, 9, 10, 11, 12)];

describe('batches', () => {
  test('a padded batch is as long as its longest example and learns only the answers', () => {
    const [first, second] = paddedBatch(examples.slice(0, 2));
    expect(first).toEqual({
      tokens: [1, 2, 3, 4],
      segments: [1, 1, 1, 1],
      positions: [0, 1, 2, 3],
      labels: [-100, 3, 4, -100],
    });
    expect(second).toEqual({
      tokens: [5, 6, 7, 0],
      segments: [1, 1, 1, 0],
      positions: [0, 1, 2, 0],
      labels: [-100, 7, -100, -100],
    });
  });

  test('padded and packed batches of the same examples learn the same tokens', () => {
    const packed = packBlocks(examples, 12).blocks.map(rowOf);
    const padded = paddedBatch(examples);
    const labels = (batch: typeof padded) =>
      batch.flatMap((row) => row.labels.filter((label) => label >= 0)).sort((a, b) => a - b);
    expect(labels(packed)).toEqual([3, 4, 7, 10, 11, 12]);
    expect(labels(padded)).toEqual(labels(packed));
    expect(realTokens(padded)).toBe(12);
    expect(realTokens(packed)).toBe(12);
  });

  test('a stream goes across examples and learns every position but the last of a row', () => {
    const work = streamWork(examples, { rows: 2, length: 6 });
    expect(work.batches).toHaveLength(1);
    expect(batchAt(work, 3)[0]).toEqual({
      tokens: [1, 2, 3, 4, 5, 6],
      segments: [1, 1, 1, 1, 1, 1],
      positions: [0, 1, 2, 3, 4, 5],
      labels: [2, 3, 4, 5, 6, -100],
    });
    expect(work.learnt).toBe(10);
  });

  test('a work that has no full batch says so', () => {
    const work = packedWork(examples, { rows: 5, length: 8 });
    expect(() => batchAt(work, 0)).toThrow('not enough data');
  });

  test('a row is the same block again', () => {
    const [block] = packBlocks(examples, 12).blocks;
    if (!block) throw new Error('there is a block');
    expect(blockOf(rowOf(block))).toEqual(block);
    expect(learntIn([rowOf(block)])).toBe(block.lossCount);
  });
});
