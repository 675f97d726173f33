/** Attention of some queries to the keys before them, and its gradient: q [B, K, G·Tq, hd], k and v [B, K, Tk, hd]. */
import {
  defineFunction,
  type FunctionGradient,
  type GraphFunction,
  type TensorSpec,
} from '../graph/function.ts';
import type { KeepPolicy } from '../graph/gradients/keep.ts';
import type { Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { LayerAttention } from './architecture.ts';
import { maskedSoftmax, scoresGradient, weightsAndScoresGradient } from './attention-weights.ts';

type ChunkInputs = readonly [q: Tensor, k: Tensor, v: Tensor, mask: Tensor];

/** softmax(q·kᵀ + mask)·v [B, K, G·Tq, hd], with mask [B, Tq, Tk], and what `maskedSoftmax` gives. */
export function attend(fusion: Fusion, [q, k, v, mask]: ChunkInputs, cap: LayerAttention['cap']) {
  const { weights, logSums } = maskedSoftmax(fusion, scoresOf(q, k), mask, cap);
  return { output: o.matmul(weights, v), weights, logSums };
}

/**
 * The same as a function of q, k, v and the mask. Its results are the output and what its gradient reads: the weights where
 * all is kept, or else their log sums. The gradient of a cap reads the scores: they are computed again in any case.
 */
export function attentionChunk(
  fusion: Fusion,
  keep: KeepPolicy,
  specs: readonly TensorSpec[],
  cap: LayerAttention['cap'],
): GraphFunction {
  const keepsWeights = keep === 'all' && cap === null;
  const body = (args: readonly Tensor[]) => {
    const { output, weights, logSums } = attend(fusion, chunkInputs(args), cap);
    return [output, keepsWeights ? weights : logSums];
  };
  const gradient: FunctionGradient = (args, [output, saved], [dOut]) => {
    const [q, k, v, mask] = chunkInputs(args);
    const dOutput = present(dOut);
    const dWeights = o.matmul(dOutput, v, { transposeB: true });
    const from = { output: present(output), dOutput, dWeights };
    const again = () => ({ scores: scoresOf(q, k), mask, logSums: present(saved), cap });
    const { weights, dScores } = keepsWeights
      ? { weights: present(saved), dScores: scoresGradient(fusion, present(saved), from) }
      : weightsAndScoresGradient(fusion, again(), from);
    const dQ = o.matmul(dScores, k);
    const dK = o.matmul(dScores, q, { transposeA: true });
    return [dQ, dK, o.matmul(weights, dOutput, { transposeA: true }), null];
  };
  return defineFunction('attention', specs, body, { compiled: false, gradient });
}

function scoresOf(q: Tensor, k: Tensor): Tensor {
  return o.matmul(q, k, { transposeB: true });
}

function chunkInputs([q, k, v, mask]: readonly Tensor[]): ChunkInputs {
  return [present(q), present(k), present(v), present(mask)];
}
