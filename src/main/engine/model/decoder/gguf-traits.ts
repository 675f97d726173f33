/** How llama.cpp's converter writes one family of decoders. */
import type { GgufSettings, JsonObject } from '../family.ts';
import type { GgufValue } from '../gguf-values.ts';

export type GgufTraits = {
  /** `general.architecture`. */
  architecture: string;
  /** Whether the converter has permuted the rows of q and k. */
  interleaved: boolean;
  /** Where names inside a layer are not LLaMA's: 'ffn_up' → 'mlp.gate_up_proj'. A tensor of all experts has a name for each. */
  names: Readonly<Record<string, string | ((expert: number) => string)>>;
  /** Tensors that hold settings, beside those of all decoders. */
  settingTensors: readonly string[];
  /** What would be refused in other families and is read in this one. */
  reads: readonly ('window' | 'share' | 'experts')[];
  /**
   * Keys of config.json beside those of all decoders.
   * @param config what all decoders have
   */
  config: (value: GgufValue, config: JsonObject, file: GgufSettings) => JsonObject;
};

/** LLaMA's names and nothing more. */
export const plainGguf: Omit<GgufTraits, 'architecture'> = {
  interleaved: false,
  names: {},
  settingTensors: [],
  reads: [],
  config: () => ({}),
};
