/**
 * The element-wise parts from which families build their layers. Numbers inside an island and the residual stream are
 * float32, whatever type the products read.
 */
import type { DType } from '../graph/dtype.ts';
import { island, type Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { sizeAt } from '../graph/shape.ts';
import { activations, type Activation } from './activations.ts';
import type { Heads, LayerContext, ModelConfig } from './architecture.ts';
import { sumOf } from './float32.ts';
import type { RopeAngles } from './rope.ts';

/** x / √(mean(x²) + ε) · weight (Zhang & Sennrich 2019, arXiv:1910.07467), over the last axis; weight [D]. */
function rmsNormBody(x: Tensor, weight: Tensor, eps: number): Tensor {
  const scale = o.rsqrt(o.add(o.mean(o.mul(x, x), [-1], { keep: true }), eps));
  return o.mul(o.mul(x, scale), weight);
}

/** RMSNorm. x [N, D] → [N, D] of the type that products read. */
export function rmsNorm(
  fusion: Fusion,
  x: Tensor,
  weight: Tensor,
  eps: number,
  dtype: DType,
): Tensor {
  return first(
    island(fusion, 'rms_norm', [x, weight], ([a, w]) => [
      o.cast(rmsNormBody(present(a), present(w), eps), dtype),
    ]),
  );
}

/** What a block adds to the stream, as terms [N, D]; their sum is normed first where `norm` is its weight. */
export type BlockOutput = { terms: readonly Tensor[]; norm: Tensor | null };

/** The residual stream after a block, and its RMSNorm: x [N, D] plus the block's output → both [N, D]. */
export function residualNorm(
  fusion: Fusion,
  x: Tensor,
  block: BlockOutput,
  weight: Tensor,
  eps: number,
  dtype: DType,
): [Tensor, Tensor] {
  const given = blockInputs(x, block);
  const [stream, normed] = island(fusion, 'residual_norm', [weight, ...given], ([w, ...parts]) => {
    const sum = streamAfter(parts, block, eps);
    return [sum, o.cast(rmsNormBody(sum, present(w), eps), dtype)];
  });
  return [present(stream), present(normed)];
}

/** x plus the block's output, all [N, D]. */
export function residual(fusion: Fusion, x: Tensor, block: BlockOutput, eps: number): Tensor {
  const given = blockInputs(x, block);
  return first(island(fusion, 'residual', given, (parts) => [streamAfter(parts, block, eps)]));
}

function blockInputs(x: Tensor, { terms, norm }: BlockOutput): Tensor[] {
  return [...(norm ? [norm] : []), x, ...terms];
}

/** From what `blockInputs` gave. */
function streamAfter(parts: readonly Tensor[], { norm }: BlockOutput, eps: number): Tensor {
  if (norm === null) return sumOf(parts);
  const [weight, x, ...terms] = parts;
  return o.add(present(x), rmsNormBody(sumOf(terms), present(weight), eps));
}

/** act(gate) · up (Shazeer 2020, arXiv:2002.05202). Terms [N, 2F] hold gate and up side by side → [N, F]. */
export function gatedUnit(
  fusion: Fusion,
  terms: readonly Tensor[],
  activation: Activation,
  dtype: DType,
): Tensor {
  return first(
    island(fusion, 'gated_unit', terms, (parts) => {
      const sum = sumOf(parts);
      const width = sizeAt(sum.shape, -1) / 2;
      const [gate, up] = o.split(sum, [width, width], -1);
      const act = activations[activation];
      return [o.cast(o.mul(act(present(gate)), present(up)), dtype)];
    }),
  );
}

/** How many heads of which width, and what is done with queries and keys before they are turned. */
export type HeadOptions = {
  config: Pick<ModelConfig, 'numAttentionHeads' | 'numKeyValueHeads' | 'headDim'>;
  /** What queries are multiplied with: 1/√hd in most families. */
  scale: number;
  /** Whether each head's query, key and value lie together, [H, 3, hd], and not all queries before all keys and values. */
  byHead?: boolean;
  /** RMSNorm of each head, with weights [hd], or of all of them together, with weights [h·hd]. */
  norms: { q: Tensor; k: Tensor; eps: number; over: 'each' | 'together' } | null;
  /** See `DecoderConfig.clip`; queries and keys are cut after their norms. */
  clip?: number | null;
};

/**
 * Query, key and value heads from the terms [N, (H + 2K)·hd] of their products, with rotary positions and the query scaled.
 * Heads that share a key head lie one after another: q [B, K, G, T, hd], k and v [B, K, T, hd], with G = H / K.
 */
export function attentionInputs(
  { fusion, shape, dtype, angles }: Pick<LayerContext, 'fusion' | 'shape' | 'dtype' | 'angles'>,
  terms: readonly Tensor[],
  { config, scale, norms, clip = null, byHead = false }: HeadOptions,
): Heads {
  const { rows, length } = shape;
  const { numAttentionHeads: heads, numKeyValueHeads: keyHeads, headDim } = config;
  const given = [
    ...(angles ? [angles.cos, angles.sin] : []),
    ...(norms ? [norms.q, norms.k] : []),
    ...terms,
  ];
  const [q, k, v] = island(fusion, 'attention_inputs', given, (parameters) => {
    const values = parameters.values();
    const next = () => present(values.next().value);
    const turn = angles ? rotation({ cos: next(), sin: next() }) : (x: Tensor) => x;
    const [normQ, normK] = norms
      ? [headNorm(next(), norms.eps), headNorm(next(), norms.eps)]
      : [(x: Tensor) => x, (x: Tensor) => x];
    const sum = sumOf([...values]);
    const [queries, keys, vals] = byHead
      ? o.split(o.reshape(sum, [rows, length, heads, 3 * headDim]), [headDim, headDim, headDim], -1)
      : o.split(sum, [heads * headDim, keyHeads * headDim, keyHeads * headDim], -1);
    const cut = clip === null ? (x: Tensor) => x : (x: Tensor) => clamp(x, clip);
    const toHeads = (x: Tensor, count: number) =>
      o.transpose(o.reshape(x, [rows, length, count, headDim]), [0, 2, 1, 3]);
    const normedHeads = (x: Tensor | undefined, count: number, norm: (x: Tensor) => Tensor) =>
      norms?.over === 'together'
        ? toHeads(cut(norm(present(x))), count)
        : cut(norm(toHeads(present(x), count)));
    const turned = o.mul(turn(normedHeads(queries, heads, normQ)), scale);
    const grouped = [rows, keyHeads, heads / keyHeads, length, headDim];
    return [
      o.cast(o.reshape(turned, grouped), dtype),
      o.cast(turn(normedHeads(keys, keyHeads, normK)), dtype),
      o.cast(cut(toHeads(present(vals), keyHeads)), dtype),
    ];
  });
  return [present(q), present(k), present(v)];
}

/** x within ±limit. */
function clamp(x: Tensor, limit: number): Tensor {
  return o.minimum(o.maximum(x, -limit), limit);
}

/** RMSNorm over the last axis of x, which is as long as the weight. */
function headNorm(weight: Tensor, eps: number): (x: Tensor) => Tensor {
  return (x) => rmsNormBody(x, weight, eps);
}

/**
 * Rotary positions, halves paired as in Hugging Face's LLaMA (Su et al. 2021, arXiv:2104.09864). x [B, h, T, hd]; where
 * there are angles for a part of hd only, the numbers behind it stay.
 */
function rotation({ cos, sin }: RopeAngles): (x: Tensor) => Tensor {
  const [rows = 0, length = 0, half = 0] = cos.shape;
  return (x) => {
    const still = sizeAt(x.shape, -1) - 2 * half;
    const [a, b, rest] = o.split(x, still > 0 ? [half, half, still] : [half, half], -1);
    const c = o.reshape(cos, [rows, 1, length, half]);
    const s = o.reshape(sin, [rows, 1, length, half]);
    const left = present(a);
    const right = present(b);
    return o.concat(
      [
        o.sub(o.mul(left, c), o.mul(right, s)),
        o.add(o.mul(right, c), o.mul(left, s)),
        ...(rest ? [rest] : []),
      ],
      -1,
    );
  };
}

/** Heads side by side again: parts [B, K, G·Tc, hd], one after another in time, → [B·T, H·hd]. */
export function mergeHeads(fusion: Fusion, parts: readonly Tensor[], groups: number): Tensor {
  return first(
    island(fusion, 'merge_heads', parts, (inputs) => {
      const byTime = inputs.map((part) => {
        const [rows = 0, keyHeads = 0, grouped = 0, headDim = 0] = part.shape;
        return o.transpose(
          o.reshape(part, [rows, keyHeads, groups, grouped / groups, headDim]),
          [0, 3, 1, 2, 4],
        );
      });
      const whole = o.concat(byTime, 1);
      const [rows = 0, length = 0, keyHeads = 0, , headDim = 0] = whole.shape;
      return [o.reshape(whole, [rows * length, keyHeads * groups * headDim])];
    }),
  );
}

function first(tensors: readonly Tensor[]): Tensor {
  return present(tensors[0]);
}
