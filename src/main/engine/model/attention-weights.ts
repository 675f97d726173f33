/**
 * How much each token attends to each other, and the gradient of that. Scores and weights are [B, K, G·Tq, Tk], masks
 * [B, Tq, Tk] (0 or −10⁹).
 */
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import { f32 } from './float32.ts';
import { softCap, softCapGradient } from './soft-cap.ts';

/**
 * softmax(scores + mask) over the last axis, in the type of the scores, and what the weights can be computed from again in
 * one pass: log Σ exp(scores + mask), float32 [B, K, G·Tq, 1]. Scores are capped first: see `LayerAttention.cap`.
 */
export function maskedSoftmax(
  fusion: Fusion,
  scores: Tensor,
  mask: Tensor,
  cap: number | null,
): { weights: Tensor; logSums: Tensor } {
  const [weights, logSums] = island(fusion, 'masked_softmax', [scores, mask], ([s, m]) => {
    const masked = maskedScores(softCap(f32(present(s)), cap), present(m));
    const highest = o.max(masked, [-1], { keep: true });
    const sums = o.sum(o.exp(o.sub(masked, highest)), [-1], { keep: true });
    return [o.cast(o.softmax(masked), scores.dtype), o.add(highest, o.log(sums))];
  });
  return { weights: present(weights), logSums: present(logSums) };
}

/** exp(scores + mask − logSums): the weights of `maskedSoftmax`, in the type of the scores. */
export type WeightsSource = {
  scores: Tensor;
  mask: Tensor;
  logSums: Tensor;
  cap: number | null;
};

/** A chunk's output and its gradient, both [B, K, G·Tq, hd], and the gradient of its weights. */
export type OutputGradient = { output: Tensor; dOutput: Tensor; dWeights: Tensor };

/** dL/dscores = P ∘ (dP − Σ dO ∘ O) (Dao 2023, arXiv:2307.08691), where the weights P are kept. */
export function scoresGradient(fusion: Fusion, weights: Tensor, from: OutputGradient): Tensor {
  const inputs = [weights, from.output, from.dOutput, from.dWeights];
  const [dScores] = island(fusion, 'scores_gradient', inputs, ([p, out, dOut, dP]) => [
    o.cast(
      gradientBody(f32(present(p)), present(out), present(dOut), present(dP)),
      from.dWeights.dtype,
    ),
  ]);
  return present(dScores);
}

/** The same where the weights are not kept: it computes and gives them, too. */
export function weightsAndScoresGradient(
  fusion: Fusion,
  { scores, mask, logSums, cap }: WeightsSource,
  from: OutputGradient,
): { weights: Tensor; dScores: Tensor } {
  const inputs = [scores, mask, logSums, from.output, from.dOutput, from.dWeights];
  const [weights, dScores] = island(
    fusion,
    'weights_and_scores_gradient',
    inputs,
    ([s, m, sums, out, dOut, dP]) => {
      const capped = softCap(f32(present(s)), cap);
      const p = o.exp(o.sub(maskedScores(capped, present(m)), present(sums)));
      const dCapped = gradientBody(p, present(out), present(dOut), present(dP));
      return [o.cast(p, scores.dtype), o.cast(softCapGradient(dCapped, capped, cap), scores.dtype)];
    },
  );
  return { weights: present(weights), dScores: present(dScores) };
}

function gradientBody(p: Tensor, output: Tensor, dOutput: Tensor, dWeights: Tensor): Tensor {
  const mean = o.sum(o.mul(f32(dOutput), f32(output)), [-1], { keep: true });
  return o.mul(p, o.sub(f32(dWeights), mean));
}

/** Of float32 scores, in their shape. */
function maskedScores(scores: Tensor, mask: Tensor): Tensor {
  const [rows = 0, keyHeads = 0, grouped = 0, keys = 0] = scores.shape;
  const queries = sizeAt(mask.shape, 1);
  const byHead = o.reshape(scores, [rows, keyHeads, grouped / queries, queries, keys]);
  return o.reshape(o.add(byHead, o.reshape(mask, [rows, 1, 1, queries, keys])), scores.shape);
}
