/** What makes one family of decoders another: those that norm before each block, turn positions and gate the feed-forward block. */
import type { Activation } from '../activations.ts';
import type { ModelConfig } from '../architecture.ts';
import type { JsonObject } from '../family.ts';
import type { ExpertsConfig, ExpertsReader } from './experts-config.ts';
import type { FormKeys } from '../gguf-form.ts';
import type { GgufTraits } from './gguf-traits.ts';
import type { RotationPlan, RotationReader } from '../rotations.ts';
import type { WindowPlan, WindowReader } from '../windows.ts';

/** Numbers that a few families set, and what they are in all others. */
type FurtherNumbers = {
  /** Queries are divided by its root before they meet keys: the size of a head in most families. */
  queryScalar: number;
  /** See `LayerAttention.cap` and `Architecture.logitCap`. */
  scoreCap: number | null;
  logitCap: number | null;
  /** Queries, keys and values beyond ± this are cut to it; null where they stay. */
  clip: number | null;
  /** What embeddings are multiplied with on their way into the first layer. */
  embeddingScale: number;
};

/** config.json of such a model, validated. */
export type DecoderConfig = ModelConfig &
  FurtherNumbers & {
    intermediateSize: number;
    rmsNormEps: number;
    rotations: RotationPlan;
    windows: WindowPlan;
    /** Null in models without. */
    experts: ExpertsConfig | null;
    /** Where the file says it, null that there is none: nothing is computed with it here. */
    padTokenId?: number | null;
  };

/** Values of missing keys, those of the family's configuration class in transformers. */
type DecoderDefaults = {
  numKeyValueHeads: number | 'as heads';
  headDim: number | 'hidden / heads';
  rmsNormEps: number;
  tieWordEmbeddings: boolean;
};

/** How the layers of a family are built. */
export type LayerTraits = {
  /** Whether queries and keys are normed, with weights of their own: each head, or all of them together. */
  headNorms: 'each' | 'together' | null;
  /** Whether what a block gives is normed as well, before it is added to the stream. */
  blockNorms: boolean;
  /** Whether norms multiply with 1 + their weight, which is stored around 0. */
  plusOne: boolean;
  /** Of the gate. */
  activation: Activation;
  /** Whether q, k and v are one matrix, and gate and up another. */
  fused: boolean;
};

/** LLaMA's layers. */
export const plainLayers: LayerTraits = {
  headNorms: null,
  blockNorms: false,
  plusOne: false,
  activation: 'silu',
  fused: false,
};

/** Keys of config.json that only some families read. */
export type FurtherSettings = {
  /** Their names, beside those of rotary positions and windows. */
  keys: readonly string[];
  /** Their numbers, or what of them cannot be honoured, in words. */
  read: (
    json: JsonObject,
    sizes: Pick<ModelConfig, 'hiddenSize' | 'headDim'>,
  ) => FurtherNumbers | { refused: string[] };
};

export const noFurtherSettings: FurtherSettings = {
  keys: [],
  read: (_, { headDim }) => ({
    queryScalar: headDim,
    scoreCap: null,
    logitCap: null,
    clip: null,
    embeddingScale: 1,
  }),
};

/** What a mixture of experts and the matrices of an expert are called inside a layer. */
export type ExpertNames = { block: string; gate: string; up: string; down: string };

type ExpertTraits = { names: ExpertNames; read: ExpertsReader };

export type DecoderTraits = {
  modelTypes: readonly [string, ...string[]];
  /** The class of transformers: 'LlamaForCausalLM'. */
  className: string;
  defaults: DecoderDefaults;
  layers: LayerTraits;
  /** Names of the linear layers with a bias. */
  biased: readonly string[];
  windows: WindowReader;
  rotations: RotationReader;
  further: FurtherSettings;
  /** Where layers have experts in place of one feed-forward block. */
  experts?: ExpertTraits;
  /** Flags that have to be false: true would compute something else. */
  refusedFlags: readonly string[];
  /** Keys of config.json that only this family has. */
  written: (config: DecoderConfig) => JsonObject;
  /** Null where no GGUF file of this family is read. */
  gguf: GgufTraits | null;
  /** How its config is written into a GGUF file. */
  inGguf: InGguf;
};

export type InGguf = {
  /** `general.architecture`, which for some is that of another family. */
  architecture: string;
  /** Keys, without the architecture, and tensors with settings, beside those of all decoders. */
  keys: (config: DecoderConfig) => FormKeys;
  settings: (config: DecoderConfig) => ReadonlyMap<string, Float32Array>;
  /** See `GgufForm`; families of which nothing is known lack it. */
  notices?: (config: DecoderConfig) => readonly string[];
};

/** Of a family whose files say no more than those of all decoders. */
export function plainInGguf(architecture: string): InGguf {
  return { architecture, keys: () => ({}), settings: () => new Map() };
}
