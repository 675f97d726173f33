/** A model over packed blocks of tokens, forward and backward, layer by layer. */
import { sharedSegment } from '../batch/block.ts';
import { call } from '../graph/function.ts';
import { differentiate } from '../graph/gradients/differentiate.ts';
import type { Differentiated } from '../graph/gradients/function-pair.ts';
import { keepRule } from '../graph/gradients/keep.ts';
import { NamedTensors } from '../graph/named-tensors.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { elements } from '../graph/shape.ts';
import { once } from '../once.ts';
import { linearsOf, type LayerAttention, type LayerOutput, type Routed } from './architecture.ts';
import { attentionMasks } from './attention.ts';
import type { BaseWeights } from './base-weights.ts';
import { layerFusion } from './experts.ts';
import type { LayerSlots } from './layer-slots.ts';
import { linearGroups } from './linear-groups.ts';
import { RankGates } from './rank-gates.ts';
import { ropeAngles, type RopeAngles, type Rotation } from './rope.ts';
import {
  hasGradient,
  layerFunction,
  layerInputs,
  type LayerOptions,
  type StackedLayer,
} from './stack-layer.ts';

/** int32 [B, T] each: token ids, sequence numbers (0 = padding), places in the sequence. */
export type BatchTensors = {
  tokens: Tensor;
  segments: Tensor;
  positions: Tensor;
  /** Token types, where the architecture has some. */
  types: Tensor | null;
};

export type StackOptions = Omit<LayerOptions, 'computeType'> & {
  weights: BaseWeights;
  /** By layer; none or one entry for each adapter. */
  adapters: readonly (readonly LayerSlots[])[];
  batch: BatchTensors;
  /** [B, k] weight of each adapter for each row. */
  rowGates: Tensor;
  /** [2] int32 */
  seed: Tensor;
};

type DifferentiatedLayer = {
  pair: Differentiated;
  inputs: NamedTensors;
  kept: readonly Tensor[];
};

/** The layers of a model, ready to be run. */
export class Stack {
  private readonly options: StackOptions;
  private readonly layerOptions: LayerOptions;
  /** [B·T, k] */
  private readonly gates: Tensor;
  private readonly rankGates: RankGates;
  private readonly anglesOf: (rotation: Rotation) => RopeAngles;
  private readonly masksOf: (attention: LayerAttention) => readonly Tensor[];
  /** See `LayerContext.counted`. */
  private readonly counted: Tensor | null;

  constructor(options: StackOptions) {
    this.options = options;
    const { architecture, shape, batch, rowGates, weights } = options;
    const fusion = layerFusion(architecture, options.fusion);
    const { rows, length } = shape;
    this.layerOptions = { ...options, fusion, computeType: weights.computeType };
    const adapters = rowGates.shape[1] ?? 0;
    const gates = o.broadcastTo(o.reshape(rowGates, [rows, 1, adapters]), [rows, length, adapters]);
    this.gates = o.reshape(gates, [rows * length, adapters]);
    this.rankGates = new RankGates(this.gates, weights.computeType);
    this.anglesOf = once((rotation) => ropeAngles(rotation, batch.positions, length));
    this.counted = architecture.experts && countedTokens(batch.segments, this.gates);
    this.masksOf = once((attention) => attentionMasks(fusion, attention, batch, shape));
  }

  /** All layers, nothing kept: [B·T, D] before the final norm. */
  forward(): Tensor {
    return this.options.weights.layers.reduce((x, _, index) => {
      const { fn, inputs } = this.layer(index, x);
      return layerOutput(call(fn, inputs.tensors)).stream;
    }, this.embed());
  }

  /**
   * All layers, with what the backward pass needs kept from the lowest adapted layer up. `backward` takes
   * dL/d(output) [B·T, D], and in layers with experts that of the router's summed probabilities [k, E], and gives the gradients
   * of every layer's adapters, vector for vector.
   */
  differentiable(): {
    output: Tensor;
    /** By layer; null in those without experts. */
    routed: readonly (Routed | null)[];
    backward: (dOutput: Tensor, dProbabilities?: Tensor) => Tensor[][];
  } {
    const { adapters, weights, keep } = this.options;
    const lowest = adapters.findIndex((layer) => layer.length > 0);
    // Only the head has one.
    const first = lowest < 0 ? adapters.length : lowest;
    const steps: DifferentiatedLayer[] = [];
    const routed: (Routed | null)[] = [];
    let x = this.embed();
    weights.layers.forEach((_, index) => {
      const { fn, inputs } = this.layer(index, x);
      if (index < first) {
        const output = layerOutput(call(fn, inputs.tensors));
        x = output.stream;
        routed.push(output.routed);
        return;
      }
      const wrt = inputs.map((name) => hasGradient(name, index > first));
      const pair = differentiate(fn, { wrt, keep: keepRule(keep) });
      const results = call(pair.forward.fn, inputs.tensors);
      const output = layerOutput(results.slice(0, pair.forward.results));
      x = output.stream;
      routed.push(output.routed);
      steps.push({ pair, inputs, kept: results.slice(pair.forward.results) });
    });

    const backward = (dOutput: Tensor, dProbabilities?: Tensor) => {
      const gradients = adapters.map((): Tensor[] => []);
      let dx = dOutput;
      for (const [index, step] of [...steps.entries()].reverse()) {
        const own = routed[first + index] ?? null;
        const found = runBackward(step, [dx, ...(own ? routedGradients(own, dProbabilities) : [])]);
        gradients[first + index] = found.list('adapter');
        if (index > 0) dx = found.get('x');
      }
      return gradients;
    };
    return { output: x, routed, backward };
  }

  /** Token embeddings [B·T, D], float32. */
  private embed(): Tensor {
    const { architecture, shape, weights, batch } = this.options;
    const flat = (x: Tensor) => o.reshape(x, [shape.rows * shape.length]);
    const types = batch.types && flat(batch.types);
    const outside = weights.outside(this.options.fusion);
    return architecture.embed(outside, flat(batch.tokens), flat(batch.positions), types);
  }

  private layer(index: number, x: Tensor) {
    const { architecture, weights, adapters, seed } = this.options;
    const own = weights.layers[index];
    if (!own) throw new GraphError(`no layer ${index}`);
    const attention = architecture.attention(index);
    const slots = adapters[index] ?? [];
    const layer: StackedLayer = { index, attention, weights: own, adapters: slots };
    const inputs = new NamedTensors(
      layerInputs(layer, {
        x,
        angles: attention.rotation && this.anglesOf(attention.rotation),
        masks: this.masksOf(attention),
        gates: this.gates,
        rankGates: this.rankGates.of(
          linearGroups(linearsOf(architecture, index)),
          slots.flatMap((each) => each.slots),
        ),
        counted: this.counted,
        seed: o.add(seed, o.ints(seed.node.scope, [index, 0])),
      }),
    );
    return { fn: layerFunction(this.layerOptions, layer, inputs), inputs };
  }
}

/**
 * The gates [B·T, k] of each token, once for every sequence that it belongs to; 0 for padding. The beginning that the sequences of
 * a block share counts as often as there are sequences; segments int32 [B, T].
 */
function countedTokens(segments: Tensor, gates: Tensor): Tensor {
  const sequences = o.max(o.cast(segments, 'float32'), [1], { keep: true });
  const own = o.cast(o.less(0, segments), 'float32');
  const shared = o.cast(o.equal(segments, sharedSegment), 'float32');
  const times = o.add(own, o.mul(shared, sequences));
  return o.mul(gates, o.reshape(times, [elements(segments.shape), 1]));
}

/** From the results of a layer's function. */
function layerOutput([stream, probabilities, chosen]: readonly Tensor[]): LayerOutput {
  const routed = probabilities && chosen ? { probabilities, chosen } : null;
  return { stream: present(stream), routed };
}

/** Of the results behind the stream; the counts have no gradient. */
function routedGradients(
  { probabilities, chosen }: Routed,
  dProbabilities: Tensor | undefined,
): [Tensor, Tensor] {
  return [dProbabilities ?? o.zerosLike(probabilities), o.zerosLike(chosen)];
}

/** The gradients of the layer's inputs, those that it has, by name. */
function runBackward(
  { pair, inputs, kept }: DifferentiatedLayer,
  dy: readonly Tensor[],
): NamedTensors {
  const { backward } = pair;
  const sources = { argument: inputs.tensors, kept, result: [], dy };
  const args = backward.inputs.map(({ kind, index }) => present(sources[kind][index]));
  const results = call(backward.fn, args);
  const gradients = inputs.map((name, i) => {
    const at = backward.results[i] ?? null;
    return at === null ? [] : [[name, present(results[at])] as const];
  });
  return new NamedTensors(gradients.flat());
}
