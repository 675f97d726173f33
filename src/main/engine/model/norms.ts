/** LayerNorm, by itself and together with the sum that it norms. Numbers inside are float32, whatever the products read. */
import type { DType } from '../graph/dtype.ts';
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { LayerContext, VectorShape } from './architecture.ts';
import { sumOf } from './float32.ts';

/** weight and bias [D], float32. */
export type LayerNorm = { weight: Tensor; bias: Tensor; eps: number };

/** Its two tensors among those of a layer, or of what lies outside. */
export function normShapes(path: string, size: number): VectorShape[] {
  return ['weight', 'bias'].map((part) => ({ path: `${path}.${part}`, shape: [size] }));
}

export function normAt(
  { vector }: Pick<LayerContext, 'vector'>,
  path: string,
  eps: number,
): LayerNorm {
  return { weight: vector(`${path}.weight`), bias: vector(`${path}.bias`), eps };
}

/** (x − mean(x)) / √(var(x) + ε) · weight + bias over the last axis (Ba et al. 2016, arXiv:1607.06450). */
export function layerNormBody(x: Tensor, { weight, bias, eps }: LayerNorm): Tensor {
  const centred = o.sub(x, o.mean(x, [-1], { keep: true }));
  const variance = o.mean(o.mul(centred, centred), [-1], { keep: true });
  return o.add(o.mul(o.mul(centred, o.rsqrt(o.add(variance, eps))), weight), bias);
}

/** x [N, D] → [N, D] of the type that products read. */
export function layerNorm(fusion: Fusion, x: Tensor, norm: LayerNorm, dtype: DType): Tensor {
  const [normed] = normedSum(fusion, 'layer_norm', [x], norm, (_sum, y) => [o.cast(y, dtype)]);
  return present(normed);
}

/** A norm before the next block: x [N, D] plus the terms [N, D] is the residual stream; that, and what products read of it. */
export function residualLayerNorm(
  fusion: Fusion,
  x: Tensor,
  terms: readonly Tensor[],
  norm: LayerNorm,
  dtype: DType,
): [Tensor, Tensor] {
  const all = [x, ...terms];
  const both = (sum: Tensor, y: Tensor) => [sum, o.cast(y, dtype)];
  const [stream, normed] = normedSum(fusion, 'residual_layer_norm', all, norm, both);
  return [present(stream), present(normed)];
}

/** A norm after a block: what it gives of x [N, D] plus the terms [N, D] is the residual stream, [N, D] float32. */
export function layerNormOfSum(fusion: Fusion, terms: readonly Tensor[], norm: LayerNorm): Tensor {
  const [stream] = normedSum(fusion, 'layer_norm_of_sum', terms, norm, (_sum, y) => [y]);
  return present(stream);
}

function normedSum(
  fusion: Fusion,
  name: string,
  terms: readonly Tensor[],
  { weight, bias, eps }: LayerNorm,
  results: (sum: Tensor, normed: Tensor) => readonly Tensor[],
): readonly Tensor[] {
  return island(fusion, name, [weight, bias, ...terms], ([w, b, ...parts]) => {
    const sum = sumOf(parts);
    return results(sum, layerNormBody(sum, { weight: present(w), bias: present(b), eps }));
  });
}
