/** Causal attention over packed sequences, in chunks of queries, so that no score beyond the diagonal is computed. */
import { sharedSegment } from '../batch/block.ts';
import { call } from '../graph/function.ts';
import { keepable, type KeepPolicy } from '../graph/gradients/keep.ts';
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { attentionChunk } from './attention-chunk.ts';
import { mergeHeads, type BatchShape } from './islands.ts';

/** Queries [begin, end) see keys [0, end). */
export type QueryChunk = { begin: number; end: number };

/** How many queries a chunk has on the CPU, and on a GPU, which is not filled by fewer. */
function chunkWidth(fusion: Fusion, length: number): number {
  if (fusion === 'layers') return 1024;
  return length > 1024 ? 256 : 128;
}

/**
 * With n chunks (n + 1) / 2n of the scores are computed; each chunk has a shape of its own, which has to be compiled, and short
 * ones are slow for what they are. So they are about equal.
 */
export function queryChunks(fusion: Fusion, length: number): QueryChunk[] {
  const wanted = chunkWidth(fusion, length);
  const count = Math.max(1, Math.round(length / wanted));
  const size = Math.ceil(length / count);
  return Array.from({ length: count }, (_, i) => ({
    begin: i * size,
    end: Math.min(length, (i + 1) * size),
  }));
}

/**
 * One mask a chunk, [B, end − begin, end]: 0 where the key is of the query's own sequence, or of the beginning
 * that all share, and not after it, −10⁹ elsewhere.
 * segments (int32) [B, T].
 */
export function causalMasks(
  fusion: Fusion,
  segments: Tensor,
  { rows, length }: BatchShape,
): readonly Tensor[] {
  return island(fusion, 'causal_masks', [segments], ([given]) => {
    const all = present(given);
    return queryChunks(fusion, length).map(({ begin, end }) => {
      const queries = end - begin;
      const own = o.reshape(o.slice(all, [0, begin], [rows, queries]), [rows, queries, 1]);
      const keys = o.reshape(o.slice(all, [0, 0], [rows, end]), [rows, 1, end]);
      const queryTimes = o.ints(all.node.scope, range(begin, end), [1, queries, 1]);
      const keyTimes = o.ints(all.node.scope, range(0, end), [1, 1, end]);
      const related = o.or(o.equal(own, keys), o.equal(keys, sharedSegment));
      const visible = o.and(related, o.greaterEqual(queryTimes, keyTimes));
      return o.mul(o.sub(1, o.cast(visible, 'float32')), -1e9);
    });
  });
}

function range(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, i) => begin + i);
}

/**
 * q [B, K, G, T, hd], k and v [B, K, T, hd], masks as from `causalMasks` → [B·T, H·hd].
 * Unless all is kept, a chunk's scores are computed again in the backward pass (Dao et al. 2022, arXiv:2205.14135).
 */
export function causalAttention(
  fusion: Fusion,
  keep: KeepPolicy,
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  masks: readonly Tensor[],
): Tensor {
  const [rows = 0, keyHeads = 0, groups = 0, length = 0, headDim = 0] = q.shape;
  const parts = queryChunks(fusion, length).map(({ begin, end }, i) => {
    const queries = [rows, keyHeads, groups, end - begin, headDim];
    const whole = begin === 0 && end === length;
    const own = whole ? q : o.slice(q, [0, 0, 0, begin, 0], queries);
    const seen = (x: Tensor) =>
      whole ? x : o.slice(x, [0, 0, 0, 0], [rows, keyHeads, end, headDim]);
    const flat = o.reshape(own, [rows, keyHeads, groups * (end - begin), headDim]);
    const args = [flat, seen(k), seen(v), present(masks[i])];
    const [output] = call(attentionChunk(fusion, keep, args), args).map(keepable);
    return present(output);
  });
  return mergeHeads(fusion, parts, groups);
}
