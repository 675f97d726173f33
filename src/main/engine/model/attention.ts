/** Attention over packed sequences, in chunks of queries. A causal chunk computes no scores with keys behind its last query. */
import { sharedSegment } from '../batch/block.ts';
import { call } from '../graph/function.ts';
import { keepable, type KeepPolicy } from '../graph/gradients/keep.ts';
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { attentionChunk } from './attention-chunk.ts';
import type { BatchShape, Heads, LayerAttention } from './architecture.ts';
import { mergeHeads } from './layer-parts.ts';

/** Which tokens a token sees; layers that agree on it share their masks. */
export type Visibility = Pick<LayerAttention, 'sees' | 'window'>;

/** Queries [begin, end) meet keys [0, keys). */
export type QueryChunk = { begin: number; end: number; keys: number };

/** How many queries a chunk has on the CPU, and on a GPU, which is not filled by fewer. */
function chunkWidth(fusion: Fusion, length: number): number {
  if (fusion === 'layers') return 1024;
  return length > 1024 ? 256 : 128;
}

/**
 * More chunks skip more of the scores behind the diagonal (of n chunks (n + 1) / 2n remain), but each shape is compiled and
 * short chunks run slowly: equal sizes are the compromise. Where a token sees both ways there is nothing to skip.
 */
export function queryChunks(
  fusion: Fusion,
  length: number,
  sees: Visibility['sees'],
): QueryChunk[] {
  const wanted = chunkWidth(fusion, length);
  const count = Math.max(1, Math.round(length / wanted));
  const size = Math.ceil(length / count);
  return Array.from({ length: count }, (_, i) => {
    const end = Math.min(length, (i + 1) * size);
    return { begin: i * size, end, keys: sees === 'before' ? end : length };
  });
}

/**
 * One mask a chunk, [B, end − begin, keys]: 0 where the key is of the query's own sequence, or of the beginning that all
 * share, and may be seen from the query's place; −10⁹ elsewhere. A window is counted in places of the sequence, not of the
 * block: a shared beginning stands further away than it is.
 * segments and positions (int32) [B, T].
 */
export function attentionMasks(
  fusion: Fusion,
  { sees, window }: Visibility,
  { segments, positions }: { segments: Tensor; positions: Tensor },
  { rows, length }: BatchShape,
): readonly Tensor[] {
  const given = window === null ? [segments] : [segments, positions];
  return island(fusion, 'attention_masks', given, ([all, places]) => {
    const scope = present(all).node.scope;
    return queryChunks(fusion, length, sees).map(({ begin, end, keys }) => {
      const ofQueries = (x: Tensor | undefined) =>
        o.reshape(o.slice(present(x), [0, begin], [rows, end - begin]), [rows, end - begin, 1]);
      const ofKeys = (x: Tensor | undefined) =>
        o.reshape(o.slice(present(x), [0, 0], [rows, keys]), [rows, 1, keys]);
      const related = o.or(
        o.equal(ofQueries(all), ofKeys(all)),
        o.equal(ofKeys(all), sharedSegment),
      );
      const conditions = [related];
      if (sees === 'before') {
        const queryTimes = o.ints(scope, range(begin, end), [1, end - begin, 1]);
        const keyTimes = o.ints(scope, range(0, keys), [1, 1, keys]);
        conditions.push(o.greaterEqual(queryTimes, keyTimes));
      }
      if (window !== null) {
        const distance = o.sub(ofQueries(places), ofKeys(places));
        conditions.push(o.less(distance, window));
        if (sees === 'both') conditions.push(o.less(o.neg(distance), window));
      }
      const visible = conditions.reduce((all, condition) => o.and(all, condition));
      return o.mul(o.sub(1, o.cast(visible, 'float32')), -1e9);
    });
  });
}

function range(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, i) => begin + i);
}

/**
 * q [B, K, G, T, hd], k and v [B, K, T, hd], masks as from `attentionMasks` → [B·T, H·hd].
 * Unless all is kept, a chunk's scores are computed again in the backward pass (Dao et al. 2022, arXiv:2205.14135).
 */
export function attention(
  fusion: Fusion,
  keep: KeepPolicy,
  { sees, cap }: Pick<LayerAttention, 'sees' | 'cap'>,
  [q, k, v]: Heads,
  masks: readonly Tensor[],
): Tensor {
  const [rows = 0, keyHeads = 0, groups = 0, length = 0, headDim = 0] = q.shape;
  const parts = queryChunks(fusion, length, sees).map(({ begin, end, keys }, i) => {
    const queries = [rows, keyHeads, groups, end - begin, headDim];
    const whole = begin === 0 && end === length;
    const own = whole ? q : o.slice(q, [0, 0, 0, begin, 0], queries);
    const seen = (x: Tensor) =>
      keys === length ? x : o.slice(x, [0, 0, 0, 0], [rows, keyHeads, keys, headDim]);
    const flat = o.reshape(own, [rows, keyHeads, groups * (end - begin), headDim]);
    const args = [flat, seen(k), seen(v), present(masks[i])];
    const [output] = call(attentionChunk(fusion, keep, args, cap), args).map(keepable);
    return present(output);
  });
  return mergeHeads(fusion, parts, groups);
}
