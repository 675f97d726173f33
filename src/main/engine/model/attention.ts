/** Causal attention over packed sequences, in chunks of queries, so that no score beyond the diagonal is computed. */
import { sharedSegment } from '../batch/block.ts';
import {
  call,
  defineFunction,
  type FunctionGradient,
  type GraphFunction,
  type TensorSpec,
} from '../graph/function.ts';
import { keepable, type KeepPolicy } from '../graph/gradients/keep.ts';
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { maskedSoftmax, scoresGradient, weightsAgain } from './attention-weights.ts';
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

/** softmax(q·kᵀ + mask)·v: q [B, K, G·Tq, hd], k and v [B, K, Tk, hd], mask [B, Tq, Tk] → [B, K, G·Tq, hd]. */
export function attend(fusion: Fusion, q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
  const scores = o.matmul(q, k, { transposeB: true });
  return o.matmul(maskedSoftmax(fusion, scores, mask).weights, v);
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

/** `attend` as a function that also gives what its gradient reads: the weights where all is kept, or else their log sums. */
function attentionChunk(
  fusion: Fusion,
  keep: KeepPolicy,
  specs: readonly TensorSpec[],
): GraphFunction {
  const body = (args: readonly Tensor[]) => {
    const [q, k, v, mask] = chunkInputs(args);
    const { weights, logSums } = maskedSoftmax(fusion, o.matmul(q, k, { transposeB: true }), mask);
    return [o.matmul(weights, v), keep === 'all' ? weights : logSums];
  };
  const gradient: FunctionGradient = (args, [output, saved], [dOut]) => {
    const [q, k, v, mask] = chunkInputs(args);
    const dOutput = present(dOut);
    const dWeights = o.matmul(dOutput, v, { transposeB: true });
    const from = { output: present(output), dOutput, dWeights };
    const { weights, dScores } =
      keep === 'all'
        ? { weights: present(saved), dScores: scoresGradient(fusion, present(saved), from) }
        : weightsAgain(
            fusion,
            { scores: o.matmul(q, k, { transposeB: true }), mask, logSums: present(saved) },
            from,
          );
    const dQ = o.matmul(dScores, k);
    const dK = o.matmul(dScores, q, { transposeA: true });
    return [dQ, dK, o.matmul(weights, dOutput, { transposeA: true }), null];
  };
  return defineFunction('attention', specs, body, { compiled: false, gradient });
}

function chunkInputs([q, k, v, mask]: readonly Tensor[]): [Tensor, Tensor, Tensor, Tensor] {
  return [present(q), present(k), present(v), present(mask)];
}
