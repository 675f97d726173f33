/** LLaMA layers that continue sequences: new tokens attend to keys and values kept from before. */
import { call, defineFunction } from '../graph/function.ts';
import type { Fusion } from '../graph/island.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Program, Variable } from '../graph/program.ts';
import { attend } from './attention-chunk.ts';
import {
  cachedProduct,
  tensorsOf,
  withTensors,
  type CachedProjection,
} from './cached-projection.ts';
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

/** Keys and values of one layer: rows of hd numbers, ordered by sequence, key head, place: [B·K·Tmax, hd]. */
export type LayerCache = { keys: Variable; values: Variable };

export type CachedLayer = {
  inputNorm: Tensor;
  qkv: CachedProjection;
  cache: LayerCache;
  o: CachedProjection;
  postAttentionNorm: Tensor;
  gateUp: CachedProjection;
  down: CachedProjection;
};

/** What follows the last layer: the final norm and the vocabulary. */
export type CachedHead = { norm: Tensor; output: Tensor };

export type CachedOptions = {
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
  /** [B, S, Tmax]: 0 where a token may look, −10⁹ elsewhere. */
  mask: Tensor;
  /** [B·K·S] int32: the cache row of each new key. */
  cacheRows: Tensor;
  /** [B] int32: the row of x that holds each sequence's last token. */
  lastRows: Tensor;
};

/** A layer whose keys and values are in the cache, and the queries [B, K, G, S, hd] that have still to meet them. */
type Attending = { layer: CachedLayer; q: Tensor; keys: Tensor; values: Tensor };

/** x [B·S, D] float32 → float32 logits [B, V] of the token that follows; writes the new keys and values into the caches. */
export function cachedLogits(
  program: Program,
  options: CachedOptions,
  layers: readonly CachedLayer[],
  head: CachedHead,
  inputs: CachedInputs,
  x: Tensor,
): Tensor {
  const [first] = layers;
  if (!first) throw new RangeError('a model without layers');
  const kept = (cache: Variable, fresh: Tensor | undefined) =>
    writeCache(program, options, inputs, cache, present(fresh));
  const start = segment(options, inputs, x, null, first);
  const [stream] = layers.reduce(([before, q, k, v], layer, i) => {
    const { keys, values } = layer.cache;
    const from = { layer, q: present(q), keys: kept(keys, k), values: kept(values, v) };
    // Behind the last layer its own again: nobody reads them, but a function less is compiled.
    return segment(options, inputs, present(before), from, layers[i + 1] ?? layer);
  }, start);
  return headLogits(options, inputs, head, present(stream));
}

/** The final norm and the vocabulary, for the last token of each sequence. */
function headLogits(
  { config, fusion }: CachedOptions,
  { lastRows }: CachedInputs,
  { norm, output }: CachedHead,
  x: Tensor,
): Tensor {
  const args = [o.gather(x, lastRows), norm, output];
  const body = (parameters: readonly Tensor[]) => {
    const [last, weight, table] = parameters.map(present);
    const { rmsNormEps } = config;
    const normed = rmsNorm(fusion, present(last), present(weight), rmsNormEps, output.dtype);
    return [o.cast(o.matmul(normed, present(table), { transposeB: true }), 'float32')];
  };
  const compiled = fusion === 'layers';
  return present(call(defineFunction('cached_head', args, body, { compiled }), args)[0]);
}

/** The whole cache [B, K, Tmax, hd] with the new rows in it. */
function writeCache(
  program: Program,
  { config, shape, capacity }: CachedOptions,
  { cacheRows }: CachedInputs,
  cache: Variable,
  fresh: Tensor,
): Tensor {
  const heads = config.numKeyValueHeads;
  const rows = o.reshape(fresh, [shape.rows * heads * shape.length, config.headDim]);
  const all = program.writeRows(cache, cacheRows, rows);
  return o.reshape(all, [shape.rows, heads, capacity, config.headDim]);
}

/**
 * One function from the attention of a layer to the next layer's stream, q, k and v, since only the cache has to be
 * written in between. The first one has no layer before it.
 */
function segment(
  options: CachedOptions,
  inputs: CachedInputs,
  x: Tensor,
  from: Attending | null,
  to: CachedLayer,
): readonly Tensor[] {
  const { config, fusion, shape } = options;
  const args = [
    x,
    inputs.gates,
    ...(from ? [from.q, from.keys, from.values, inputs.mask, ...restTensors(from.layer)] : []),
    ...[inputs.cos, inputs.sin, to.inputNorm, ...tensorsOf(to.qkv)],
  ];
  const body = (parameters: readonly Tensor[]): readonly Tensor[] => {
    const values = parameters.values();
    const next = () => present(values.next().value);
    let stream = next();
    const gates = next();
    if (from) {
      const [q, keys, cached, mask] = [next(), next(), next(), next()];
      const attended = attendCached(fusion, q, keys, cached, mask);
      stream = restOfLayer(options, restFrom(from.layer, next), gates, stream, attended);
    }
    const [cos, sin] = [next(), next()];
    const { dtype } = to.qkv.weight;
    const normed = rmsNorm(fusion, stream, next(), config.rmsNormEps, dtype);
    const terms = cachedProduct(withTensors(to.qkv, next), normed, gates);
    return [stream, ...attentionInputs(fusion, config, shape, terms, cos, sin, dtype)];
  };
  const compiled = fusion === 'layers';
  return call(defineFunction('cached_segment', args, body, { compiled }), args);
}

/** q [B, K, G, S, hd] → [B·S, H·hd] */
function attendCached(
  fusion: Fusion,
  q: Tensor,
  keys: Tensor,
  values: Tensor,
  mask: Tensor,
): Tensor {
  const [rows = 0, keyHeads = 0, groups = 0, length = 0, headDim = 0] = q.shape;
  const flat = o.reshape(q, [rows, keyHeads, groups * length, headDim]);
  const { output } = attend(fusion, flat, keys, values, mask);
  return mergeHeads(fusion, [output], groups);
}

type RestOfLayer = Pick<CachedLayer, 'o' | 'postAttentionNorm' | 'gateUp' | 'down'>;

function restTensors({ o: output, postAttentionNorm, gateUp, down }: RestOfLayer): Tensor[] {
  return [...tensorsOf(output), postAttentionNorm, ...tensorsOf(gateUp), ...tensorsOf(down)];
}

function restFrom(layer: RestOfLayer, next: () => Tensor): RestOfLayer {
  return {
    o: withTensors(layer.o, next),
    postAttentionNorm: next(),
    gateUp: withTensors(layer.gateUp, next),
    down: withTensors(layer.down, next),
  };
}

/** The output projection and the feed-forward block. */
function restOfLayer(
  { config, fusion }: CachedOptions,
  layer: RestOfLayer,
  gates: Tensor,
  x: Tensor,
  attended: Tensor,
): Tensor {
  const { dtype } = layer.gateUp.weight;
  const [stream, normed] = residualNorm(
    fusion,
    x,
    cachedProduct(layer.o, attended, gates),
    layer.postAttentionNorm,
    config.rmsNormEps,
    dtype,
  );
  const gated = swiGlu(fusion, cachedProduct(layer.gateUp, normed, gates), dtype);
  return residual(fusion, stream, cachedProduct(layer.down, gated, gates));
}
