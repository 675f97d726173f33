/** A LLaMA layer that continues sequences: new tokens attend to keys and values kept from before. */
import { call, defineFunction, type GraphFunction } from '../graph/function.ts';
import type { Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Program, Variable } from '../graph/program.ts';
import type { LayerAdapters } from '../lora/bank.ts';
import { attend } from './attention.ts';
import type { LayerWeights } from './base-weights.ts';
import type { LlamaConfig } from './config.ts';
import {
  attentionInputs,
  mergeHeads,
  residual,
  residualNorm,
  rmsNorm,
  swiGlu,
  type BatchShape,
} from './islands.ts';
import { projector } from './llama-layer.ts';

/** Keys and values of one layer: rows of hd numbers, ordered by sequence, key head, place: [B·K·Tmax, hd]. */
export type LayerCache = { keys: Variable; values: Variable };

export type CachedLayerOptions = {
  config: LlamaConfig;
  /** Rows B, and S new tokens in each. */
  shape: BatchShape;
  fusion: Fusion;
  /** Tmax: places in the cache. */
  capacity: number;
};

export type CachedInputs = {
  /** [B, S, hd/2] */
  cos: Tensor;
  sin: Tensor;
  /** [B·S, k] */
  gates: Tensor;
  /** [2] int32; unused, since nothing is dropped. */
  seed: Tensor;
  /** [B, S, Tmax]: 0 where a token may look, −10⁹ elsewhere. */
  mask: Tensor;
  /** [B·K·S, 1] int32: the cache row of each new key. */
  cacheRows: Tensor;
};

/** x [B·S, D] → [B·S, D]; writes the new keys and values into the cache. */
export function cachedLayer(
  program: Program,
  options: CachedLayerOptions,
  weights: LayerWeights,
  adapters: LayerAdapters,
  cache: LayerCache,
  inputs: CachedInputs,
  x: Tensor,
): Tensor {
  const { config, shape, capacity } = options;
  const products = [...weights.products.values()].map((variable) => variable.value);
  const adapterTensors = adapters.weights.flatMap(({ a, b, magnitude }) => [
    a,
    b,
    ...(magnitude ? [magnitude] : []),
  ]);
  const bound = { site: adapters.site, products: products.length };
  const shared = [inputs.gates, inputs.seed, ...products, ...adapterTensors];

  const firstArgs = [x, inputs.cos, inputs.sin, weights.inputNorm.value, ...shared];
  const [q, k, v] = call(attentionPart(options, bound, firstArgs), firstArgs);
  const rows = shape.rows * config.numKeyValueHeads * shape.length;
  const written = (variable: Variable, values: Tensor | undefined) => {
    const update = o.reshape(present(values), [rows, config.headDim]);
    const node = program.scatterRows(variable.handle, inputs.cacheRows, update);
    const all = program.read(variable.handle, variable.dtype, variable.shape, [node]);
    return o.reshape(all, [shape.rows, config.numKeyValueHeads, capacity, config.headDim]);
  };
  const keys = written(cache.keys, k);
  const values = written(cache.values, v);

  const norm = weights.postAttentionNorm.value;
  const secondArgs = [x, present(q), keys, values, inputs.mask, norm, ...shared];
  return present(call(restOfLayer(options, bound, secondArgs), secondArgs)[0]);
}

type Bound = { site: LayerAdapters['site']; products: number };

/** Norm, query, key and value. */
function attentionPart(
  options: CachedLayerOptions,
  bound: Bound,
  args: readonly Tensor[],
): GraphFunction {
  const { config, fusion, shape } = options;
  return defineFunction(
    'cached_attention_inputs',
    args,
    ([x, cos, sin, norm, ...shared]) => {
      const input = present(x);
      const apply = projectorOf(options, bound, shared);
      const normed = rmsNorm(fusion, input, present(norm), config.rmsNormEps);
      const terms = apply('qkv', normed);
      return attentionInputs(fusion, config, shape, terms, present(cos), present(sin), input.dtype);
    },
    { compiled: fusion === 'layers' },
  );
}

/** Attention over the cache, and the feed-forward block. */
function restOfLayer(
  options: CachedLayerOptions,
  bound: Bound,
  args: readonly Tensor[],
): GraphFunction {
  const { config, fusion } = options;
  return defineFunction(
    'cached_layer',
    args,
    ([x, q, keys, values, mask, norm, ...shared]) => {
      const input = present(x);
      const apply = projectorOf(options, bound, shared);
      const [rows = 0, keyHeads = 0, groups = 0, length = 0, headDim = 0] = present(q).shape;
      const flat = o.reshape(present(q), [rows, keyHeads, groups * length, headDim]);
      const attended = attend(fusion, flat, present(keys), present(values), present(mask));
      const merged = mergeHeads(fusion, [attended], groups);
      const [stream, normed] = residualNorm(
        fusion,
        input,
        apply('o', merged),
        present(norm),
        config.rmsNormEps,
      );
      const gated = swiGlu(fusion, apply('gate_up', normed), input.dtype);
      return [residual(fusion, stream, apply('down', gated))];
    },
    { compiled: fusion === 'layers' },
  );
}

function projectorOf(options: CachedLayerOptions, bound: Bound, shared: readonly Tensor[]) {
  const [gates, seed, ...rest] = shared;
  const weights = rest.slice(bound.products).values();
  const next = () => present(weights.next().value);
  const adapters = bound.site.map(({ dora }) => ({
    a: next(),
    b: next(),
    magnitude: dora ? next() : null,
  }));
  const inputs = {
    gates: present(gates),
    seed: present(seed),
    products: rest.slice(0, bound.products),
    adapters,
  };
  return projector({ config: options.config, dropout: 0 }, bound.site, inputs);
}
