/** What makes GPT-2 and GPT-NeoX each what it is. */
import type { Activation } from '../activations.ts';
import type { ModelConfig } from '../architecture.ts';
import type { Rotation } from '../rope.ts';

export type GptConfig = ModelConfig & {
  intermediateSize: number;
  layerNormEps: number;
  activation: Activation;
  queryScale: number;
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

export type GptTraits = {
  /** The class of transformers: 'GPT2LMHeadModel'. */
  className: string;
  names: GptNames;
  /** What old files have beside the weights, by the ends of their names, with the reason to leave it: see `Architecture.inFiles`. */
  ballast: readonly (readonly [end: RegExp, reason: string])[];
  /** What stands before all names but that of the output matrix, and is left out in some files. */
  prefix: string;
  /** See `LinearLayer.transposed` and `HeadOptions.byHead`. */
  transposed: boolean;
  byHead: boolean;
};
