/** A model over packed blocks of tokens, forward and backward, layer by layer. */
import { call } from '../graph/function.ts';
import { differentiate } from '../graph/gradients/differentiate.ts';
import type { Differentiated } from '../graph/gradients/function-pair.ts';
import { keepRule } from '../graph/gradients/keep.ts';
import { NamedTensors } from '../graph/named-tensors.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { once } from '../once.ts';
import type { LayerAttention } from './architecture.ts';
import { attentionMasks } from './attention.ts';
import type { BaseWeights } from './base-weights.ts';
import type { LayerSlots } from './layer-slots.ts';
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
  private readonly anglesOf: (rotation: Rotation) => RopeAngles;
  private readonly masksOf: (attention: LayerAttention) => readonly Tensor[];

  constructor(options: StackOptions) {
    this.options = options;
    const { shape, fusion, batch, rowGates, weights } = options;
    const { rows, length } = shape;
    this.layerOptions = { ...options, computeType: weights.computeType };
    const adapters = rowGates.shape[1] ?? 0;
    const gates = o.broadcastTo(o.reshape(rowGates, [rows, 1, adapters]), [rows, length, adapters]);
    this.gates = o.reshape(gates, [rows * length, adapters]);
    this.anglesOf = once((rotation) => ropeAngles(rotation, batch.positions, length));
    this.masksOf = once((attention) => attentionMasks(fusion, attention, batch, shape));
  }

  /** All layers, nothing kept: [B·T, D] before the final norm. */
  forward(): Tensor {
    return this.options.weights.layers.reduce((x, _, index) => {
      const { fn, inputs } = this.layer(index, x);
      return present(call(fn, inputs.tensors)[0]);
    }, this.embed());
  }

  /**
   * All layers, with what the backward pass needs kept from the lowest adapted layer up. `backward` takes
   * dL/d(output) [B·T, D] and gives the gradients of every layer's adapters, vector for vector.
   */
  differentiable(): {
    output: Tensor;
    backward: (dOutput: Tensor) => Tensor[][];
  } {
    const { adapters, weights, keep } = this.options;
    const lowest = adapters.findIndex((layer) => layer.length > 0);
    // Only the head has one.
    if (lowest < 0) return { output: this.forward(), backward: () => adapters.map(() => []) };
    const steps: DifferentiatedLayer[] = [];
    let x = this.embed();
    weights.layers.forEach((_, index) => {
      const { fn, inputs } = this.layer(index, x);
      if (index < lowest) {
        x = present(call(fn, inputs.tensors)[0]);
        return;
      }
      const wrt = inputs.map((name) => hasGradient(name, index > lowest));
      const pair = differentiate(fn, { wrt, keep: keepRule(keep) });
      const results = call(pair.forward.fn, inputs.tensors);
      x = present(results[0]);
      steps.push({ pair, inputs, kept: results.slice(pair.forward.results) });
    });

    const backward = (dOutput: Tensor) => {
      const gradients = adapters.map((): Tensor[] => []);
      let dx = dOutput;
      for (const [index, step] of [...steps.entries()].reverse()) {
        const found = runBackward(step, dx);
        gradients[lowest + index] = found.list('adapter');
        if (index > 0) dx = found.get('x');
      }
      return gradients;
    };
    return { output: x, backward };
  }

  /** Token embeddings [B·T, D], float32. */
  private embed(): Tensor {
    const { architecture, fusion, shape, weights, batch } = this.options;
    const flat = (x: Tensor) => o.reshape(x, [shape.rows * shape.length]);
    const types = batch.types && flat(batch.types);
    const outside = weights.outside(fusion);
    return architecture.embed(outside, flat(batch.tokens), flat(batch.positions), types);
  }

  private layer(index: number, x: Tensor) {
    const { architecture, weights, adapters, seed } = this.options;
    const own = weights.layers[index];
    if (!own) throw new GraphError(`no layer ${index}`);
    const attention = architecture.attention(index);
    const layer: StackedLayer = {
      attention,
      weights: own,
      adapters: adapters[index] ?? [],
    };
    const inputs = new NamedTensors(
      layerInputs(layer, {
        x,
        angles: attention.rotation && this.anglesOf(attention.rotation),
        masks: this.masksOf(attention),
        gates: this.gates,
        seed: o.add(seed, o.ints(seed.node.scope, [index, 0])),
      }),
    );
    return { fn: layerFunction(this.layerOptions, layer, inputs), inputs };
  }
}

/** The gradients of the layer's inputs, those that it has, by name. */
function runBackward({ pair, inputs, kept }: DifferentiatedLayer, dOutput: Tensor): NamedTensors {
  const { backward } = pair;
  const sources = { argument: inputs.tensors, kept, result: [], dy: [dOutput] };
  const args = backward.inputs.map(({ kind, index }) => present(sources[kind][index]));
  const results = call(backward.fn, args);
  const gradients = inputs.map((name, i) => {
    const at = backward.results[i] ?? null;
    return at === null ? [] : [[name, present(results[at])] as const];
  });
  return new NamedTensors(gradients.flat());
}
