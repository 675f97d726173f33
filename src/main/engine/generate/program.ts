/** What generation runs on the device: reading prompts, and continuing by one token, over one cache. */
import type { Fusion } from '../graph/island.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program, type Variable, type VariableGroup } from '../graph/program.ts';
import { adaptersByLayer } from '../lora/bank.ts';
import { gateColumns, type BankLayout } from '../lora/layout.ts';
import { baseWeights, type BaseWeights, type ComputeType } from '../model/base-weights.ts';
import type { LlamaConfig } from '../model/config.ts';
import { rmsNorm } from '../model/islands.ts';
import { cachedLayer, type LayerCache } from '../model/llama-cached.ts';
import { ropeAngles } from '../model/rope.ts';

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
  /** int32 [B]: the token chosen to follow. */
  next: Tensor;
};

export type GenerateProgram = {
  program: Program;
  weights: BaseWeights;
  parameters: Variable | null;
  setParameters: VariableGroup | null;
  caches: VariableGroup;
  /** float32 [B, k] */
  rowGates: Tensor;
  /** float32 []; 0 takes the most likely token. */
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
  const parameters =
    layout.size > 0 ? program.variable('parameters', 'float32', [layout.size]) : null;
  const cacheShape = [rows * config.numKeyValueHeads * options.capacity, config.headDim];
  const caches = weights.layers.map((_, layer): LayerCache => ({
    keys: program.variable(`cache.${layer}.keys`, computeType, cacheShape),
    values: program.variable(`cache.${layer}.values`, computeType, cacheShape),
  }));
  const rowGates = program.placeholder('row_gates', 'float32', [rows, gateColumns(layout)]);
  const temperature = program.placeholder('temperature', 'float32', []);
  const seed = program.placeholder('seed', 'int32', [2]);
  const adapters = adaptersByLayer(layout, parameters?.value ?? null, config.numHiddenLayers);

  const extension = (length: number, fusion: Fusion): Extension => {
    const tokens = program.placeholder('tokens', 'int32', [rows, length]);
    const starts = program.placeholder('starts', 'int32', [rows]);
    const last = program.placeholder('last', 'int32', [rows]);
    const shared = cachedInputs(options, length, starts, rowGates, seed);
    const layerOptions = { ...options, fusion, shape: { rows, length } };
    const embedded = o.gather(weights.embedding.value, o.reshape(tokens, [rows * length]));
    const hidden = weights.layers.reduce((x, own, layer) => {
      const cache = caches[layer];
      const adapter = adapters[layer];
      if (!cache || !adapter) throw new RangeError(`no layer ${layer}`);
      return cachedLayer(program, layerOptions, own, adapter, cache, shared, x);
    }, embedded);
    const lastRows = o.add(
      last,
      o.ints(
        program.scope,
        Array.from({ length: rows }, (_, i) => i * length),
      ),
    );
    const logits = nextLogits(config, fusion, weights, o.gather(hidden, lastRows));
    return { tokens, starts, last, next: choose(logits, temperature, seed) };
  };

  return {
    program,
    weights,
    parameters,
    setParameters: parameters ? program.group([parameters]) : null,
    caches: program.group(caches.flatMap(({ keys, values }) => [keys, values])),
    rowGates,
    temperature,
    seed,
    prefill: extension(options.promptLength, options.fusion.prefill),
    decode: extension(1, options.fusion.decode),
  };
}

function cachedInputs(
  options: GenerateProgramOptions,
  length: number,
  starts: Tensor,
  rowGates: Tensor,
  seed: Tensor,
) {
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
    seed,
    mask,
    cacheRows: o.reshape(cacheRows, [rows * heads * length, 1]),
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** hidden [B, D] → float32 [B, V] */
function nextLogits(
  config: LlamaConfig,
  fusion: Fusion,
  weights: BaseWeights,
  hidden: Tensor,
): Tensor {
  const normed = rmsNorm(fusion, hidden, weights.finalNorm.value, config.rmsNormEps);
  return o.cast(o.matmul(normed, weights.output.value, { transposeB: true }), 'float32');
}

/**
 * A token drawn from softmax(logits / temperature): the arg-max of logits plus Gumbel noise times the temperature
 * (Gumbel 1954); the most likely one at temperature 0. logits [B, V] → int32 [B].
 */
function choose(logits: Tensor, temperature: Tensor, seed: Tensor): Tensor {
  const uniform = o.maximum(o.statelessUniform(seed, logits.shape), 1e-20);
  const gumbel = o.neg(o.log(o.maximum(o.neg(o.log(uniform)), 1e-20)));
  return o.argmax(o.add(logits, o.mul(gumbel, temperature)));
}
