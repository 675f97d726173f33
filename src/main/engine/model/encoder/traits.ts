/** What makes one family of encoders another: those that norm after each block and have positions in the embedding. */
import type { Tensor } from '../../graph/node.ts';
import type { Activation } from '../activations.ts';
import type { ModelConfig, VectorShape } from '../architecture.ts';
import type { JsonObject } from '../family.ts';

/** config.json of such a model, validated. */
export type EncoderConfig = ModelConfig & {
  intermediateSize: number;
  activation: Activation;
  layerNormEps: number;
  /** Rows of the table of positions; the first are not used in some families. */
  positionRows: number;
  padTokenId: number;
  tokenTypes: number;
  /** Deviation of first values (`initializer_range`). */
  deviation: number;
};

/** Keys of config.json. */
export type EncoderKeys = {
  hiddenSize: string;
  intermediateSize: string;
  layers: string;
  heads: string;
  activation: string;
};

/** Paths inside a layer. */
export type LayerPaths = {
  query: string;
  key: string;
  value: string;
  /** After attention, and the norm after that. */
  attended: string;
  attendedNorm: string;
  inner: string;
  outer: string;
  outerNorm: string;
};

export type EncoderTraits = {
  modelTypes: readonly [string, ...string[]];
  /** The name of the encoder in a model with a head: 'bert'. Files of the encoder alone leave it out. */
  bare: string;
  /** The class of transformers that classifies, and the one of the encoder alone. */
  className: string;
  bareClassName: string;
  keys: EncoderKeys;
  /** Values of missing keys, those of the family's configuration class in transformers. */
  defaults: { layerNormEps: number; positions: number; tokenTypes: number; padTokenId: number };
  /** Below `bare`. */
  layersPath: string;
  layer: LayerPaths;
  /** The first position of a sequence in the table. */
  firstPosition: (config: Pick<EncoderConfig, 'padTokenId'>) => number;
  /** A linear layer [D, D] of the encoder that only the head reads; null where there is none. */
  pooler: string | null;
  head: {
    /** What its tensors' names begin with. */
    modules: readonly string[];
    parts: (hiddenSize: number, labels: number) => readonly VectorShape[];
    /** x [C, D] float32 → [C, labels]; `dense` is a layer with bias: x·Wᵀ + b. */
    logits: (x: Tensor, dense: (x: Tensor, path: string) => Tensor) => Tensor;
  };
  /** Heads of other tasks that files may have, and why they are left out. */
  otherHeads: RegExp;
  /** Keys of config.json that only this family has. */
  written: (config: EncoderConfig) => JsonObject;
};
