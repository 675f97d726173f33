/** Takes packed blocks apart. */
import { countLosses } from '../../../../src/main/engine/batch/sequence.ts';
import { noLabel, type Block } from '../../../../src/main/engine/batch/block.ts';

/** Each sequence of a block at the beginning of a block of its own, of the same length. */
export function alone(block: Block): Block[] {
  const count = Math.max(...block.segments);
  return Array.from({ length: count }, (_, i) => {
    const begin = block.segments.indexOf(i + 1);
    const end = block.segments.lastIndexOf(i + 1) + 1;
    const cut = (values: Int32Array, padding: number) => {
      const own = new Int32Array(values.length).fill(padding);
      own.set(values.subarray(begin, end));
      return own;
    };
    const labels = cut(block.labels, noLabel);
    return {
      tokens: cut(block.tokens, 0),
      segments: cut(block.segments, 0).map((segment) => Math.min(segment, 1)),
      positions: cut(block.positions, 0),
      labels,
      lossCount: countLosses(labels),
    };
  });
}
