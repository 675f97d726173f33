/** What makes one family of decoders another: those that norm before each block, turn positions and gate the feed-forward block. */
import type { ModelConfig } from '../architecture.ts';
import type { JsonObject } from '../family.ts';
import type { Rotation } from '../rope.ts';
import type { WindowPlan, WindowReader } from './windows.ts';

/** config.json of such a model, validated. */
export type DecoderConfig = ModelConfig & {
  intermediateSize: number;
  rmsNormEps: number;
  rotation: Rotation;
  windows: WindowPlan;
};

/** Values of missing keys, those of the family's configuration class in transformers. */
type DecoderDefaults = {
  numKeyValueHeads: number | 'as heads';
  headDim: number | 'hidden / heads';
  rmsNormEps: number;
  ropeTheta: number;
};

export type DecoderTraits = {
  modelTypes: readonly [string, ...string[]];
  /** The class of transformers: 'LlamaForCausalLM'. */
  className: string;
  defaults: DecoderDefaults;
  /** Names of the linear layers with a bias. */
  biased: readonly string[];
  /** Whether queries and keys are normed head by head, with weights of their own. */
  headNorms: boolean;
  windows: WindowReader;
  /** Flags that have to be false: true would compute something else. */
  refusedFlags: readonly string[];
  /** Keys of config.json that only this family has. */
  written: (config: DecoderConfig) => JsonObject;
  gguf: {
    architecture: string;
    /** Whether the converter has permuted the rows of q and k. */
    interleaved: boolean;
  } | null;
};
