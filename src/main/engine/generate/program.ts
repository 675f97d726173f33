/** What generation runs on the device: reading prompts, and continuing by one token, over one cache. */
import type { Fusion } from '../graph/island.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program, type VariableGroup } from '../graph/program.ts';
import { gateColumns, type BankLayout } from '../lora/layout.ts';
import { baseWeights, type BaseWeights, type ComputeType } from '../model/base-weights.ts';
import type { CachedProjection } from '../model/cached-projection.ts';
import type { LlamaConfig } from '../model/config.ts';
import {
  cachedLogits,
  type CachedInputs,
  type CachedLayer,
  type LayerCache,
} from '../model/llama-cached.ts';
import { ropeAngles } from '../model/rope.ts';
import { preparedAdapters, type AdapterPreparation } from './adapters.ts';

export type GenerateProgramOptions = {
  config: LlamaConfig;
  layout: BankLayout;
  /** Sequences continued at once. */
  rows: number;
  /** Tokens of a prompt that one run takes; shorter prompts are padded at the end. */
  promptLength: number;
  /** Places for prompt and answer together. */
  capacity: number;
  computeType: ComputeType;
  fusion: GenerationFusion;
};

/** Where XLA compiles: while a prompt is read, which happens once, and for the tokens that follow. */
export type GenerationFusion = { prefill: Fusion; decode: Fusion };

/** One run: S tokens for each of the B rows. */
export type Extension = {
  /** int32 [B, S] */
  tokens: Tensor;
  /** int32 [B]: the place of each row's first new token. */
  starts: Tensor;
  /** int32 [B]: which of the S tokens is the row's last real one. */
  last: Tensor;
  /** int32 [B]: the most likely token to follow. */
  likeliest: Tensor;
  /** int32 [B]: one drawn at the temperature. */
  drawn: Tensor;
};

export type GenerateProgram = {
  program: Program;
  weights: BaseWeights;
  prepare: AdapterPreparation['prepare'];
  caches: VariableGroup;
  /** float32 [B, k] */
  rowGates: Tensor;
  /** float32 [], above 0. */
  temperature: Tensor;
  /** int32 [2] */
  seed: Tensor;
  prefill: Extension;
  decode: Extension;
};

export function generateProgram(options: GenerateProgramOptions): GenerateProgram {
  const { config, layout, rows, computeType } = options;
  const program = new Program();
  const weights = baseWeights(program, config, computeType);
  const adapters = preparedAdapters(program, config, layout, weights);
  const cacheShape = [rows * config.numKeyValueHeads * options.capacity, config.headDim];
  const caches = weights.layers.map((_, layer): LayerCache => ({
    keys: program.variable(`cache.${layer}.keys`, computeType, cacheShape),
    values: program.variable(`cache.${layer}.values`, computeType, cacheShape),
  }));
  const rowGates = program.placeholder('row_gates', 'float32', [rows, gateColumns(layout)]);
  const temperature = program.placeholder('temperature', 'float32', []);
  const seed = program.placeholder('seed', 'int32', [2]);

  const extension = (length: number, fusion: Fusion): Extension => {
    const tokens = program.placeholder('tokens', 'int32', [rows, length]);
    const starts = program.placeholder('starts', 'int32', [rows]);
    const last = program.placeholder('last', 'int32', [rows]);
    const inputs = cachedInputs(options, length, starts, last, rowGates);
    const layers = weights.layers.map((own, layer): CachedLayer => {
      const cache = caches[layer];
      if (!cache) throw new RangeError(`no layer ${layer}`);
      const projection = (name: string): CachedProjection => {
        const weight = own.products.get(name);
        const prepared = adapters.layers[layer]?.get(name);
        if (!weight || !prepared) throw new RangeError(`no projection ${name}`);
        return { weight: weight.value, ...prepared };
      };
      return {
        inputNorm: own.inputNorm.value,
        qkv: projection('qkv'),
        cache,
        o: projection('o'),
        postAttentionNorm: own.postAttentionNorm.value,
        gateUp: projection('gate_up'),
        down: projection('down'),
      };
    });
    const head = { norm: weights.finalNorm.value, output: weights.output.value };
    const flat = o.reshape(tokens, [rows * length]);
    const embedded = o.cast(o.gather(weights.embedding.value, flat), 'float32');
    const layerOptions = { ...options, fusion, shape: { rows, length } };
    const logits = cachedLogits(program, layerOptions, layers, head, inputs, embedded);
    const drawn = o.argmax(gumbel(logits, temperature, seed));
    return { tokens, starts, last, likeliest: o.argmax(logits), drawn };
  };

  const { fusion } = options;
  return {
    program,
    weights,
    prepare: adapters.prepare,
    caches: program.group(caches.flatMap(({ keys, values }) => [keys, values])),
    rowGates,
    temperature,
    seed,
    prefill: extension(options.promptLength, fusion.prefill),
    decode: extension(1, fusion.decode),
  };
}

function cachedInputs(
  options: GenerateProgramOptions,
  length: number,
  starts: Tensor,
  last: Tensor,
  rowGates: Tensor,
): CachedInputs {
  const { config, rows, capacity } = options;
  const scope = starts.node.scope;
  const steps = o.ints(scope, range(length), [1, length]);
  const positions = o.add(o.reshape(starts, [rows, 1]), steps);
  const places = o.ints(scope, range(capacity), [1, 1, capacity]);
  const visible = o.greaterEqual(o.reshape(positions, [rows, length, 1]), places);
  const mask = o.mul(o.sub(1, o.cast(visible, 'float32')), -1e9);
  // A new key of row b and head h at place p lies in cache row (b · K + h) · Tmax + p.
  const heads = config.numKeyValueHeads;
  const begins = range(rows * heads).map((i) => i * capacity);
  const cacheRows = o.add(
    o.ints(scope, begins, [rows, heads, 1]),
    o.reshape(positions, [rows, 1, length]),
  );
  const adapters = rowGates.shape[1] ?? 0;
  const gates = o.broadcastTo(o.reshape(rowGates, [rows, 1, adapters]), [rows, length, adapters]);
  return {
    ...ropeAngles(config, positions),
    gates: o.reshape(gates, [rows * length, adapters]),
    mask,
    cacheRows: o.reshape(cacheRows, [rows * heads * length]),
    lastRows: o.add(
      last,
      o.ints(
        scope,
        range(rows).map((row) => row * length),
      ),
    ),
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/**
 * logits [B, V] plus Gumbel noise times the temperature: the greatest is a draw from softmax(logits / temperature)
 * (Gumbel 1954).
 */
function gumbel(logits: Tensor, temperature: Tensor, seed: Tensor): Tensor {
  const uniform = o.maximum(o.statelessUniform(seed, logits.shape), 1e-20);
  const noise = o.neg(o.log(o.maximum(o.neg(o.log(uniform)), 1e-20)));
  return o.add(logits, o.mul(noise, temperature));
}
