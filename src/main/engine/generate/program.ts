/** What generation runs on the device: reading prompts, and continuing by one token, over one cache. */
import type { Fusion } from '../graph/island.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program, type VariableGroup } from '../graph/program.ts';
import { sizeAt, type Shape } from '../graph/shape.ts';
import { gateColumns, type BankLayout } from '../lora/layout.ts';
import { baseWeights, type BaseWeights, type ComputeType } from '../model/base-weights.ts';
import type { PackingOf } from '../model/group-matrix.ts';
import type { Architecture } from '../model/architecture.ts';
import type { CachedLayer, LayerCache } from '../model/cached-layer.ts';
import { cachedLogits, type CachedInputs } from '../model/cached-stack.ts';
import { layerFusion } from '../model/experts.ts';
import { ropeAngles, type Rotation } from '../model/rope.ts';
import { once } from '../once.ts';
import { nucleus } from './nucleus.ts';
import { preparedAdapters, type PreparedAdapters } from './adapters.ts';

export type GenerateProgramOptions = {
  architecture: Architecture;
  layout: BankLayout;
  /** Sequences continued at once. */
  rows: number;
  /** Tokens of a prompt that one run takes: shorter prompts are padded at the end, longer ones take several. */
  promptLength: number;
  /** Places for prompt and answer together; whole runs of prompts have to fit into it. */
  cacheLength: number;
  computeType: ComputeType;
  /** How the matrices of layers are held; all of them dense without it. */
  packingOf?: PackingOf;
  fusion: GenerationFusion;
  /** All rows draw by the same random numbers: what one row gets does not depend on which others there are. */
  alike?: boolean;
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
  /** int32 [B]: the same, from the nucleus alone (see nucleus.ts). */
  drawnFromNucleus: Tensor;
};

/** What a program has that answers, whatever else it does. */
export type AnswerParts = {
  prepare: PreparedAdapters['prepare'];
  caches: VariableGroup;
  /** float32 [B, k] */
  rowGates: Tensor;
  /** float32 [], above 0. */
  temperature: Tensor;
  /** float32 [], above 0 and below 1: how much of the probability the nucleus has. */
  topP: Tensor;
  /** int32 [2] */
  seed: Tensor;
  prefill: Extension;
  decode: Extension;
};

export type GenerateProgram = AnswerParts & { program: Program; weights: BaseWeights };

export function generateProgram(options: GenerateProgramOptions): GenerateProgram {
  const { architecture, computeType } = options;
  const program = new Program();
  const weights = baseWeights(program, architecture, computeType, options.packingOf);
  return { program, weights, ...answerParts(program, weights, options) };
}

/** Adds to a program that has the weights what answers with them. */
export function answerParts(
  program: Program,
  weights: BaseWeights,
  options: Omit<GenerateProgramOptions, 'packingOf'>,
): AnswerParts {
  const { architecture, layout, rows, computeType } = options;
  const { config } = architecture;
  const adapters = preparedAdapters(program, architecture, layout, weights);
  const cacheShape = [rows * config.numKeyValueHeads * options.cacheLength, config.headDim];
  const layers = weights.layers.map((own, layer): CachedLayer => {
    const cache: LayerCache = {
      keys: program.variable(`cache.${layer}.keys`, computeType, cacheShape),
      values: program.variable(`cache.${layer}.values`, computeType, cacheShape),
    };
    const prepared = adapters.layers[layer] ?? new Map<never, never>();
    const attention = architecture.attention(layer);
    return { index: layer, attention, weights: own, adapters: prepared, cache };
  });
  const rowGates = program.placeholder('row_gates', 'float32', [rows, gateColumns(layout)]);
  const temperature = program.placeholder('temperature', 'float32', []);
  const topP = program.placeholder('top_p', 'float32', []);
  const seed = program.placeholder('seed', 'int32', [2]);

  const extension = (length: number, fusion: Fusion): Extension => {
    const tokens = program.placeholder('tokens', 'int32', [rows, length]);
    const starts = program.placeholder('starts', 'int32', [rows]);
    const last = program.placeholder('last', 'int32', [rows]);
    const positions = positionsOf(starts, length);
    const inputs = cachedInputs(options, positions, last, rowGates);
    const flat = (x: Tensor) => o.reshape(x, [rows * length]);
    // Padding may lie behind the last place that a model with learned positions has.
    const known = o.minimum(positions, config.maxPositionEmbeddings - 1);
    const embedded = architecture.embed(weights.outside(fusion), flat(tokens), flat(known), null);
    const layered = layerFusion(architecture, fusion);
    const cachedOptions = { ...options, fusion: layered, shape: { rows, length } };
    const logits = cachedLogits(program, cachedOptions, weights, layers, inputs, embedded);
    const noise = gumbelNoise(seed, options.alike ? [1, ...logits.shape.slice(1)] : logits.shape);
    const drawn = (from: Tensor) => o.argmax(o.add(from, o.mul(noise, temperature)));
    return {
      ...{ tokens, starts, last, likeliest: o.argmax(logits), drawn: drawn(logits) },
      drawnFromNucleus: drawn(nucleus(logits, temperature, topP)),
    };
  };

  const { fusion } = options;
  return {
    prepare: adapters.prepare,
    caches: program.group(layers.flatMap(({ cache }) => [cache.keys, cache.values])),
    rowGates,
    temperature,
    topP,
    seed,
    prefill: extension(options.promptLength, fusion.prefill),
    decode: extension(1, fusion.decode),
  };
}

/** int32 [B, S]: the places of S tokens from the start of each row on. */
function positionsOf(starts: Tensor, length: number): Tensor {
  const [rows = 0] = starts.shape;
  return o.add(o.reshape(starts, [rows, 1]), o.ints(starts.node.scope, range(length), [1, length]));
}

/** @param positions int32 [B, S] */
function cachedInputs(
  options: Omit<GenerateProgramOptions, 'packingOf'>,
  positions: Tensor,
  last: Tensor,
  rowGates: Tensor,
): CachedInputs {
  const { architecture, rows, cacheLength } = options;
  const scope = positions.node.scope;
  const length = sizeAt(positions.shape, 1);
  const masks = once((window: number | null) => cacheMask(positions, cacheLength, window));
  const angles = once((rotation: Rotation) => ropeAngles(rotation, positions, cacheLength));
  // A new key of row b and head h at place p lies in cache row (b · K + h) · Tmax + p.
  const heads = architecture.config.numKeyValueHeads;
  const begins = range(rows * heads).map((i) => i * cacheLength);
  const cacheRows = o.add(
    o.ints(scope, begins, [rows, heads, 1]),
    o.reshape(positions, [rows, 1, length]),
  );
  const adapters = rowGates.shape[1] ?? 0;
  const gates = o.broadcastTo(o.reshape(rowGates, [rows, 1, adapters]), [rows, length, adapters]);
  return {
    anglesOf: ({ rotation }) => rotation && angles(rotation),
    maskOf: ({ window }) => masks(window),
    gates: o.reshape(gates, [rows * length, adapters]),
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

/** [B, S, Tmax]: 0 at the places up to a token's own and inside its window, −10⁹ elsewhere. */
function cacheMask(positions: Tensor, cacheLength: number, window: number | null): Tensor {
  const [rows = 0, length = 0] = positions.shape;
  const own = o.reshape(positions, [rows, length, 1]);
  const places = o.ints(positions.node.scope, range(cacheLength), [1, 1, cacheLength]);
  const before = o.greaterEqual(own, places);
  const visible = window === null ? before : o.and(before, o.less(o.sub(own, places), window));
  return o.mul(o.sub(1, o.cast(visible, 'float32')), -1e9);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/**
 * Gumbel noise: the greatest of logits + temperature · noise is a draw from softmax(logits / temperature) (Gumbel 1954).
 */
function gumbelNoise(seed: Tensor, shape: Shape): Tensor {
  const uniform = o.maximum(o.statelessUniform(seed, shape), 1e-20);
  return o.neg(o.log(o.maximum(o.neg(o.log(uniform)), 1e-20)));
}
