/** How far numbers may lie from what they were before they were quantised in blocks. */
import type { GgmlType } from '../../ggml/ggml-types.ts';

type BlockType = Exclude<GgmlType, 'F32' | 'F16' | 'BF16'>;

export function isBlock(type: GgmlType): type is BlockType {
  return type !== 'F32' && type !== 'F16' && type !== 'BF16';
}

/** Steps over the range of `size` numbers. A centred range is as wide on both sides of 0; the others have an end of their own, and hold 0. */
type Grid = { size: number; steps: number; centred: boolean; shared: number | null };

/** `shared`: how many numbers share a scale by which their scales are rounded to 6 bits or, in Q6_K, 8. */
const grids: Readonly<Record<BlockType, Grid>> = {
  Q4_0: { size: 32, steps: 15, centred: true, shared: null },
  Q4_1: { size: 32, steps: 15, centred: false, shared: null },
  Q5_0: { size: 32, steps: 31, centred: true, shared: null },
  Q5_1: { size: 32, steps: 31, centred: false, shared: null },
  Q8_0: { size: 32, steps: 254, centred: true, shared: null },
  Q4_K: { size: 32, steps: 15, centred: false, shared: 256 },
  Q5_K: { size: 32, steps: 31, centred: false, shared: 256 },
  Q6_K: { size: 16, steps: 63, centred: true, shared: 256 },
};

/**
 * For each number of a row: a step of its block, since the nearest of its values is half a step away, and the end of a range and
 * the scale, which have 16 bits or fewer, move it by about as much again; and where scales are rounded themselves, one unit of
 * theirs, a 63rd of the largest range beside it.
 */
export function blockBounds(row: Float64Array, type: BlockType): Float64Array {
  const { size, steps, centred, shared } = grids[type];
  const ranges = Float64Array.from({ length: row.length / size }, (_, block) =>
    rangeOf(row.subarray(block * size, (block + 1) * size), centred),
  );
  return row.map((_, i) => {
    const own = (ranges[Math.floor(i / size)] ?? NaN) / steps;
    if (shared === null) return own;
    const first = Math.floor(i / shared) * (shared / size);
    return own + Math.max(...ranges.subarray(first, first + shared / size)) / 63;
  });
}

function rangeOf(block: Float64Array, centred: boolean): number {
  const most = block.reduce((a, b) => Math.max(a, b), 0);
  const least = block.reduce((a, b) => Math.min(a, b), 0);
  return centred ? 2 * Math.max(most, -least) : most - least;
}
