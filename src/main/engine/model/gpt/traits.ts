/** What makes GPT-2 and GPT-NeoX each what it is. */
import type { Activation } from '../activations.ts';
import type { ModelConfig } from '../architecture.ts';
import type { KeyRules } from '../config-keys.ts';
import type { GgufFamily, JsonObject } from '../family.ts';
import type { FormKeys } from '../gguf-form.ts';
import type { Rotation } from '../rope.ts';

export type GptConfig = ModelConfig & {
  intermediateSize: number;
  layerNormEps: number;
  activation: Activation;
  /** Null where positions are in the embedding. */
  rotation: Rotation | null;
  /** Whether both blocks read the stream as it comes into the layer, and not one after the other. */
  parallel: boolean;
};

/** What the parts of a model are called in Hugging Face's files. */
export type GptNames = {
  layersPath: string;
  embedding: string;
  /** [T, D]; null where positions are turned. */
  positions: string | null;
  /** Of the norm after the last layer. */
  finalNorm: string;
  output: string;
  /** In one layer. */
  attentionNorm: string;
  feedForwardNorm: string;
  qkv: string;
  out: string;
  up: string;
  down: string;
};

/** What a family reads of its config.json under its own keys. */
type GptFields = {
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  positions: number;
  /** As the file calls it. */
  activation: string;
  layerNormEps: number;
  tieWordEmbeddings: boolean;
  bos: number | number[] | null | undefined;
  eos: number | number[] | null | undefined;
  parallel: boolean;
  /** What turns positions in heads of this width, or what of it cannot be honoured, in words; null where nothing does. */
  rotation: (headDim: number) => Rotation | { refused: string[] } | null;
};

export type GptTraits = {
  modelType: string;
  /** The class of transformers: 'GPT2LMHeadModel'. */
  className: string;
  names: GptNames;
  /** What stands before all names but that of the output matrix, and is left out in some files. */
  prefix: string;
  /** What old files have beside the weights, by the ends of their names, with the reason to leave it: see `Architecture.inFiles`. */
  ballast: readonly (readonly [end: RegExp, reason: string])[];
  /** See `LinearLayer.transposed` and `HeadOptions.byHead`. */
  transposed: boolean;
  byHead: boolean;
  rules: KeyRules;
  /** Errors: checkpoint/bad-config. */
  read: (json: JsonObject, path: string) => GptFields;
  /** Keys of config.json that say this again, beside those that both families have. */
  written: (config: GptConfig, activation: string) => JsonObject;
  gguf: Pick<GgufFamily, 'architecture' | 'config' | 'arrangement'>;
  /** Keys of such a file, without the architecture, beside those that both families have. */
  inGguf: (config: GptConfig) => FormKeys;
};
