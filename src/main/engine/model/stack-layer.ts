/** One layer in training, as a function of activations, its base weights and its adapters' weights. */
import { defineFunction, type GraphFunction } from '../graph/function.ts';
import { keepable, type KeepPolicy } from '../graph/gradients/keep.ts';
import type { Fusion } from '../graph/island.ts';
import { numbered, type NamedTensor, type NamedTensors } from '../graph/named-tensors.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import {
  linearsOf,
  type Architecture,
  type BatchShape,
  type LayerAttention,
  type LayerContext,
  type LayerOutput,
} from './architecture.ts';
import { attention } from './attention.ts';
import type { ComputeType } from './base-weights.ts';
import { fillSlots, type LayerSlots } from './layer-slots.ts';
import {
  groupOf,
  layerTensors,
  layerWeightsFrom,
  vectorOf,
  type LayerWeights,
} from './layer-weights.ts';
import { linearGroups } from './linear-groups.ts';
import { layerProjections } from './layer-projections.ts';
import { adapted } from './projection.ts';
import { rankGatesName } from './rank-gates.ts';
import { angleTensors, anglesFrom, type RopeAngles } from './rope.ts';

export type LayerOptions = {
  architecture: Architecture;
  shape: BatchShape;
  fusion: Fusion;
  keep: KeepPolicy;
  /** Probability; 0 outside training. */
  dropout: number;
  computeType: ComputeType;
};

/** What makes one layer another than its neighbours. */
export type StackedLayer = {
  index: number;
  attention: LayerAttention;
  weights: LayerWeights;
  /** One entry for each adapter that the layer has. */
  adapters: readonly LayerSlots[];
};

/** What a layer is computed from besides its weights. */
export type LayerStreams = {
  /** [B·T, D] float32: the residual stream. */
  x: Tensor;
  angles: RopeAngles | null;
  /** As from `attentionMasks`. */
  masks: readonly Tensor[];
  /** [B·T, k]: the weight of each of the bank's adapters for each token. */
  gates: Tensor;
  /** The same for the ranks of the layer's adapters, as from `RankGates`. */
  rankGates: readonly NamedTensor[];
  /** [2] int32; for dropout. */
  seed: Tensor;
  /** See `LayerContext.counted`. */
  counted: Tensor | null;
};

const countedName = 'counted';

/** Everything that a layer is computed from, in the order of its function's parameters. */
export function layerInputs(
  { weights, adapters }: StackedLayer,
  { x, angles, masks, gates, rankGates, seed, counted }: LayerStreams,
): NamedTensor[] {
  return [
    ['x', x],
    ...angleTensors(angles),
    ['gates', gates],
    ...rankGates,
    ['seed', seed],
    ...(counted ? [[countedName, counted] as const] : []),
    ...layerTensors(weights),
    ...numbered('mask', masks),
    ...numbered(
      'adapter',
      adapters.map(({ vector }) => vector),
    ),
  ];
}

/** Whether an input of `layerInputs` gets a gradient in the backward pass: adapters do, the residual stream if `stream` says so. */
export function hasGradient(name: string, stream: boolean): boolean {
  return name === 'x' ? stream : name.startsWith('adapter.');
}

/** x [B·T, D] → [B·T, D], with attention inside each packed sequence, and what is `Routed` in layers with experts. */
export function layerFunction(
  options: LayerOptions,
  layer: StackedLayer,
  inputs: NamedTensors,
): GraphFunction {
  return defineFunction(
    'layer',
    inputs.tensors,
    (parameters) => {
      const { stream, routed } = layerBody(options, layer, inputs.like(parameters));
      return [stream, ...(routed ? [routed.probabilities, routed.chosen] : [])];
    },
    { compiled: options.fusion === 'layers' },
  );
}

function layerBody(options: LayerOptions, layer: StackedLayer, inputs: NamedTensors): LayerOutput {
  const { architecture, fusion, keep } = options;
  const at = layerContext(options, layer, inputs);
  const x = inputs.get('x');
  const [q, k, v] = architecture.beforeAttention(at, x);
  const heads = [keepable(q), keepable(k), keepable(v)] as const;
  const attended = attention(fusion, keep, layer.attention, heads, inputs.list('mask'));
  return architecture.afterAttention(at, x, attended);
}

function layerContext(
  options: LayerOptions,
  layer: StackedLayer,
  inputs: NamedTensors,
): LayerContext {
  const { architecture, fusion, shape, computeType } = options;
  const weights = layerWeightsFrom(layer.weights, (name) => inputs.get(name));
  const groups = linearGroups(linearsOf(architecture, layer.index));
  const vectors = inputs.list('adapter');
  const filled = layer.adapters.flatMap(({ slots }, i) => fillSlots(present(vectors[i]), slots));
  const gates = inputs.get('gates');
  return {
    fusion,
    shape,
    dtype: computeType,
    layer: layer.index,
    counted: inputs.has(countedName) ? inputs.get(countedName) : null,
    vector: (path) => vectorOf(weights, path),
    ...layerProjections({
      group(name) {
        const group = groups.find((each) => each.name === name);
        if (!group) throw new GraphError(`no linear layers are called ${name}`);
        const { matrix, bias } = groupOf(weights, name);
        const to = adapted(group, matrix, filled, gates);
        const rankGates = to.slots.length > 0 ? inputs.get(rankGatesName(to.slots)) : null;
        return { to, bias, rankGates };
      },
      gates,
      dropout(name) {
        if (options.dropout === 0) return null;
        // Each group of the layer drops other elements.
        const index = groups.findIndex((each) => each.name === name);
        const seed = o.add(inputs.get('seed'), o.ints(gates.node.scope, [0, index]));
        return { rate: options.dropout, seed };
      },
      sums: true,
    }),
    angles: anglesFrom(layer.attention.rotation, inputs),
  };
}
