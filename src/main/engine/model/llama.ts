/** A LLaMA model over packed blocks of tokens, forward and backward, layer by layer. */
import { call } from '../graph/function.ts';
import { differentiate } from '../graph/gradients/differentiate.ts';
import type { Differentiated } from '../graph/gradients/function-pair.ts';
import { keepRule, type KeepPolicy } from '../graph/gradients/keep.ts';
import type { Fusion } from '../graph/island.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { LayerAdapters } from '../lora/bank.ts';
import { causalMasks } from './attention.ts';
import type { BaseWeights } from './base-weights.ts';
import type { LlamaConfig } from './config.ts';
import type { BatchShape } from './islands.ts';
import {
  flattenInputs,
  llamaLayer,
  unflattenInputs,
  type LayerInputs,
  type LayerOptions,
} from './llama-layer.ts';
import { ropeAngles } from './rope.ts';

/** int32 [B, T] each: token ids, sequence numbers (0 = padding), places in the sequence. */
export type BatchTensors = { tokens: Tensor; segments: Tensor; positions: Tensor };

export type StackOptions = {
  config: LlamaConfig;
  shape: BatchShape;
  fusion: Fusion;
  keep: KeepPolicy;
  dropout: number;
  weights: BaseWeights;
  adapters: readonly LayerAdapters[];
  batch: BatchTensors;
  /** [B, k] weight of each adapter for each row. */
  rowGates: Tensor;
  /** [2] int32 */
  seed: Tensor;
};

type DifferentiatedLayer = {
  pair: Differentiated;
  inputs: LayerInputs<Tensor>;
  kept: readonly Tensor[];
};

/** The layers of a model, ready to be run. */
export class LlamaStack {
  private readonly options: StackOptions;
  private readonly shared: Pick<LayerInputs<Tensor>, 'cos' | 'sin' | 'gates' | 'masks'>;

  constructor(options: StackOptions) {
    this.options = options;
    const { config, shape, fusion, batch, rowGates } = options;
    const { rows, length } = shape;
    const adapters = rowGates.shape[1] ?? 0;
    const gates = o.broadcastTo(o.reshape(rowGates, [rows, 1, adapters]), [rows, length, adapters]);
    this.shared = {
      ...ropeAngles(config, batch.positions),
      masks: causalMasks(fusion, batch.segments, shape),
      gates: o.reshape(gates, [rows * length, adapters]),
    };
  }

  /** Token embeddings [B·T, D], float32. */
  embed(): Tensor {
    const { shape, weights, batch } = this.options;
    const flat = o.reshape(batch.tokens, [shape.rows * shape.length]);
    return o.cast(o.gather(weights.embedding.value, flat), 'float32');
  }

  /** All layers, nothing kept: [B·T, D] before the final norm. */
  forward(): Tensor {
    return this.options.weights.layers.reduce((x, _, layer) => {
      const inputs = this.inputs(layer, x);
      const fn = llamaLayer(this.layerOptions(), this.site(layer), inputs);
      return present(call(fn, flattenInputs(inputs))[0]);
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
    const { adapters, weights } = this.options;
    const lowest = adapters.findIndex(({ site }) => site.length > 0);
    if (lowest < 0) throw new GraphError('no layer has an adapter');
    const steps: DifferentiatedLayer[] = [];
    let x = this.embed();
    weights.layers.forEach((_, layer) => {
      const inputs = this.inputs(layer, x);
      const fn = llamaLayer(this.layerOptions(), this.site(layer), inputs);
      if (layer < lowest) {
        x = present(call(fn, flattenInputs(inputs))[0]);
        return;
      }
      const pair = differentiate(fn, {
        wrt: flattenInputs(needsGradient(inputs, layer > lowest)),
        keep: keepRule(this.options.keep),
      });
      const results = call(pair.forward.fn, flattenInputs(inputs));
      x = present(results[0]);
      steps.push({ pair, inputs, kept: results.slice(pair.forward.results) });
    });

    const backward = (dOutput: Tensor) => {
      const gradients = adapters.map((): Tensor[] => []);
      let dx = dOutput;
      for (const [index, step] of [...steps.entries()].reverse()) {
        const found = runBackward(step, dx);
        gradients[lowest + index] = found.adapters.map(some);
        if (index > 0) dx = some(found.x);
      }
      return gradients;
    };
    return { output: x, backward };
  }

  private site(layer: number) {
    return this.options.adapters[layer]?.site ?? [];
  }

  private layerOptions(): LayerOptions {
    const { config, shape, fusion, keep, dropout } = this.options;
    return { config, shape, fusion, keep, dropout };
  }

  private inputs(layer: number, x: Tensor): LayerInputs<Tensor> {
    const { weights, adapters, seed } = this.options;
    const own = weights.layers[layer];
    if (!own) throw new GraphError(`no layer ${layer}`);
    return {
      x,
      ...this.shared,
      seed: o.add(seed, o.ints(seed.node.scope, [layer, 0])),
      inputNorm: own.inputNorm.value,
      postAttentionNorm: own.postAttentionNorm.value,
      products: [...own.products.values()].map((variable) => variable.value),
      adapters: adapters[layer]?.vectors ?? [],
    };
  }
}

function needsGradient(inputs: LayerInputs<Tensor>, x: boolean): LayerInputs<boolean> {
  return {
    x,
    cos: false,
    sin: false,
    gates: false,
    seed: false,
    masks: inputs.masks.map(() => false),
    inputNorm: false,
    postAttentionNorm: false,
    products: inputs.products.map(() => false),
    adapters: inputs.adapters.map(() => true),
  };
}

function runBackward(step: DifferentiatedLayer, dOutput: Tensor): LayerInputs<Tensor | null> {
  const { backward } = step.pair;
  const sources = {
    argument: flattenInputs(step.inputs),
    kept: step.kept,
    result: [],
    dy: [dOutput],
  };
  const args = backward.inputs.map(({ kind, index }) => present(sources[kind][index]));
  const results = call(backward.fn, args);
  const gradients = backward.results.map((at) => (at === null ? null : present(results[at])));
  return unflattenInputs(step.inputs, gradients);
}

function some(gradient: Tensor | null): Tensor {
  return present(gradient ?? undefined);
}
