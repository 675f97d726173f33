/** The layers of a model that continues sequences: new tokens attend to keys and values kept from before. */
import { call, defineFunction } from '../graph/function.ts';
import type { Fusion } from '../graph/island.ts';
import { NamedTensors, type NamedTensor } from '../graph/named-tensors.ts';
import { present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Program, Variable } from '../graph/program.ts';
import type { Architecture, BatchShape, Heads, LayerAttention } from './architecture.ts';
import { attend } from './attention-chunk.ts';
import { outputOf, type BaseWeights } from './base-weights.ts';
import { cachedContext, cachedLayerTensors, type CachedLayer } from './cached-layer.ts';
import { mergeHeads } from './layer-parts.ts';
import { angleTensors, anglesFrom, type RopeAngles } from './rope.ts';
import { softCap } from './soft-cap.ts';

export type CachedOptions = {
  architecture: Architecture;
  /** Rows B, and S new tokens in each. */
  shape: BatchShape;
  fusion: Fusion;
  /** Tmax: places in the cache. */
  cacheLength: number;
};

export type CachedInputs = {
  /** Of the B·S new tokens, for a layer that attends so. */
  anglesOf: (attention: LayerAttention) => RopeAngles | null;
  /** [B, S, Tmax]: 0 where a token may look, −10⁹ elsewhere. */
  maskOf: (attention: LayerAttention) => Tensor;
  /** [B·S, k] */
  gates: Tensor;
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
  weights: BaseWeights,
  layers: readonly CachedLayer[],
  inputs: CachedInputs,
  x: Tensor,
): Tensor {
  const [first] = layers;
  if (!first) throw new RangeError('a model without layers');
  const kept = (cache: Variable, fresh: Tensor | undefined) =>
    writeCache(program, options, inputs, cache, present(fresh));
  const start = betweenAttentions(options, weights, inputs, x, null, first);
  const [stream] = layers.reduce(([before, q, k, v], layer, i) => {
    const { keys, values } = layer.cache;
    const from = { layer, q: present(q), keys: kept(keys, k), values: kept(values, v) };
    // After the last layer its own first half again: the result is unused, but no further function is compiled.
    const to = layers[i + 1] ?? layer;
    return betweenAttentions(options, weights, inputs, present(before), from, to);
  }, start);
  return headLogits(options, weights, inputs, present(stream));
}

/** The final norm and the vocabulary, for the last token of each sequence. */
function headLogits(
  { architecture, fusion }: CachedOptions,
  weights: BaseWeights,
  { lastRows }: CachedInputs,
  x: Tensor,
): Tensor {
  const outside = weights.outside(fusion);
  const last = architecture.finish(outside, o.gather(x, lastRows));
  const output = outputOf(weights);
  const args = [last, ...output.tensors];
  const body = ([hidden, ...tensors]: readonly Tensor[]) => {
    const logits = output.withTensors(tensors).product(present(hidden));
    return [softCap(o.cast(logits, 'float32'), architecture.logitCap)];
  };
  const compiled = fusion === 'layers';
  return present(call(defineFunction('cached_head', args, body, { compiled }), args)[0]);
}

/** The whole cache [B, K, Tmax, hd] with the new rows in it. */
function writeCache(
  program: Program,
  { architecture, shape, cacheLength }: CachedOptions,
  { cacheRows }: CachedInputs,
  cache: Variable,
  fresh: Tensor,
): Tensor {
  const { numKeyValueHeads: heads, headDim } = architecture.config;
  const rows = o.reshape(fresh, [shape.rows * heads * shape.length, headDim]);
  const all = program.writeRows(cache, cacheRows, rows);
  return o.reshape(all, [shape.rows, heads, cacheLength, headDim]);
}

/**
 * One function from the attention of a layer to the next layer's stream, q, k and v, since only the cache has to be
 * written in between. The first one has no layer before it.
 */
function betweenAttentions(
  { architecture, fusion, shape }: CachedOptions,
  { computeType: dtype }: BaseWeights,
  { anglesOf, maskOf, gates }: CachedInputs,
  x: Tensor,
  from: Attending | null,
  to: CachedLayer,
): readonly Tensor[] {
  const given = new NamedTensors([
    ['x', x],
    ['gates', gates],
    ...(from ? attendingTensors(from, maskOf(from.layer.attention)) : []),
    ...angleTensors(anglesOf(to.attention)),
    ...below('to', cachedLayerTensors(to)),
  ]);
  const body = (parameters: readonly Tensor[]): readonly Tensor[] => {
    const own = given.like(parameters);
    const context = (layer: CachedLayer, prefix: string, angles: RopeAngles | null) =>
      cachedContext(layer, (name) => own.get(`${prefix}.${name}`), own.get('gates'), {
        fusion,
        shape,
        dtype,
        angles,
      });
    let stream = own.get('x');
    if (from) {
      const attended = attendCached(fusion, own, from.layer.attention.cap);
      ({ stream } = architecture.afterAttention(
        context(from.layer, 'from', null),
        stream,
        attended,
      ));
    }
    const at = context(to, 'to', anglesFrom(to.attention.rotation, own));
    const heads: Heads = architecture.beforeAttention(at, stream);
    return [stream, ...heads];
  };
  const compiled = fusion === 'layers';
  return call(
    defineFunction('between_attentions', given.tensors, body, { compiled }),
    given.tensors,
  );
}

function attendingTensors({ layer, q, keys, values }: Attending, mask: Tensor): NamedTensor[] {
  return [
    ['q', q],
    ['keys', keys],
    ['values', values],
    ['mask', mask],
    ...below('from', cachedLayerTensors(layer)),
  ];
}

function below(prefix: string, entries: readonly NamedTensor[]): NamedTensor[] {
  return entries.map(([name, tensor]) => [`${prefix}.${name}`, tensor]);
}

/** The queries of `attendingTensors` [B, K, G, S, hd] meet the cache: [B·S, H·hd]. */
function attendCached(fusion: Fusion, inputs: NamedTensors, cap: LayerAttention['cap']): Tensor {
  const q = inputs.get('q');
  const [rows = 0, keyHeads = 0, groups = 0, length = 0, headDim = 0] = q.shape;
  const flat = o.reshape(q, [rows, keyHeads, groups * length, headDim]);
  const [keys, values, mask] = [inputs.get('keys'), inputs.get('values'), inputs.get('mask')];
  const { output } = attend(fusion, [flat, keys, values, mask], cap);
  return mergeHeads(fusion, [output], groups);
}
