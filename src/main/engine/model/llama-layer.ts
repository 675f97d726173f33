/** One LLaMA layer as a function of (activations, its base weights, its adapter weights). */
import { defineFunction, type GraphFunction, type TensorSpec } from '../graph/function.ts';
import { keepable, type KeepPolicy } from '../graph/gradients/keep.ts';
import type { Fusion } from '../graph/island.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { causalAttention } from './attention.ts';
import type { LlamaConfig } from './config.ts';
import {
  attentionInputs,
  residual,
  residualNorm,
  rmsNorm,
  swiGlu,
  type BatchShape,
} from './islands.ts';
import type { AdapterRanks } from './adapter-matrices.ts';
import { cutVector } from './adapter-vector.ts';
import { project, projections } from './projection.ts';

/** Everything that a layer is computed from; `T` is a tensor, its type, or something known about it. */
export type LayerInputs<T> = {
  /** [B·T, D] float32: the residual stream. */
  x: T;
  /** [B, T, hd/2] */
  cos: T;
  sin: T;
  /** [B·T, k]: the weight of each of the bank's adapters for each token. */
  gates: T;
  /** [2] int32; for dropout. */
  seed: T;
  /** As from `causalMasks`. */
  masks: readonly T[];
  inputNorm: T;
  postAttentionNorm: T;
  /** In the order of `projections`. */
  products: readonly T[];
  /** A vector for each adapter of the layer's `LayerSite`, as `cutVector` takes them. */
  adapters: readonly T[];
};

/** Which adapters sit in one layer, and on which modules each of them. */
export type LayerSite = readonly (readonly AdapterRanks[])[];

export type LayerOptions = {
  config: LlamaConfig;
  shape: BatchShape;
  fusion: Fusion;
  keep: KeepPolicy;
  /** Probability; 0 outside training. */
  dropout: number;
};

/** x [B·T, D] → [B·T, D], with causal attention inside each packed sequence. */
export function llamaLayer(
  options: LayerOptions,
  site: LayerSite,
  specs: LayerInputs<TensorSpec>,
): GraphFunction {
  const compiled = options.fusion === 'layers';
  return defineFunction(
    'layer',
    flattenInputs(specs),
    (parameters) => [layerBody(options, site, unflattenInputs(specs, parameters))],
    { compiled },
  );
}

function layerBody(options: LayerOptions, site: LayerSite, inputs: LayerInputs<Tensor>): Tensor {
  const { config, fusion, shape } = options;
  const { x } = inputs;
  const { dtype } = present(inputs.products[0]);
  const apply = projector(options, site, inputs);
  const normed = rmsNorm(fusion, x, inputs.inputNorm, config.rmsNormEps, dtype);
  const heads = attentionInputs(
    fusion,
    config,
    shape,
    apply('qkv', normed),
    inputs.cos,
    inputs.sin,
    dtype,
  ).map(keepable);
  const [q, k, v] = heads;
  const attended = causalAttention(
    fusion,
    options.keep,
    [present(q), present(k), present(v)],
    inputs.masks,
  );
  // Both kept: the one without the other would have the product with o computed again.
  const [stream, normedAgain] = residualNorm(
    fusion,
    x,
    apply('o', attended),
    inputs.postAttentionNorm,
    config.rmsNormEps,
    dtype,
  ).map(keepable);
  // The widest tensor of the layer: added up here, so that the sum is kept and not its terms.
  const gateUp = keepable(
    apply('gate_up', present(normedAgain)).reduce((sum, term) => o.add(sum, term)),
  );
  const gated = swiGlu(fusion, [gateUp], dtype);
  return residual(fusion, present(stream), apply('down', gated));
}

/** Applies a projection by name, with the adapters that sit on it. */
export function projector(
  options: Pick<LayerOptions, 'config' | 'dropout'>,
  site: LayerSite,
  inputs: Pick<LayerInputs<Tensor>, 'products' | 'adapters' | 'gates' | 'seed'>,
): (name: string, x: Tensor) => Tensor[] {
  const all = projections(options.config);
  const parts = site.flatMap((own, i) => cutVector(present(inputs.adapters[i]), own));
  return (name, x) => {
    const index = all.findIndex((projection) => projection.name === name);
    const projection = all[index];
    if (!projection) throw new GraphError(`no projection ${name}`);
    // Each projection of the layer drops other elements.
    const seed = o.add(inputs.seed, o.ints(x.node.scope, [0, index]));
    return project(projection, x, present(inputs.products[index]), parts, {
      gates: inputs.gates,
      dropout: options.dropout > 0 ? { rate: options.dropout, seed } : null,
    });
  };
}

export function flattenInputs<T>(inputs: LayerInputs<T>): T[] {
  const { x, cos, sin, gates, seed, masks, inputNorm, postAttentionNorm, products, adapters } =
    inputs;
  return [
    x,
    cos,
    sin,
    gates,
    seed,
    inputNorm,
    postAttentionNorm,
    ...masks,
    ...products,
    ...adapters,
  ];
}

/** The inverse of `flattenInputs` for a list as long as `like` flattened. */
export function unflattenInputs<T>(like: LayerInputs<unknown>, flat: readonly T[]): LayerInputs<T> {
  const values = flat.values();
  const next = (): T => {
    const { value, done } = values.next();
    if (done) throw new GraphError('too few tensors for a layer');
    return value;
  };
  return {
    x: next(),
    cos: next(),
    sin: next(),
    gates: next(),
    seed: next(),
    inputNorm: next(),
    postAttentionNorm: next(),
    masks: like.masks.map(next),
    products: like.products.map(next),
    adapters: like.adapters.map(next),
  };
}
