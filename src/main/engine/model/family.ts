/** What a model family brings: one file in families/, found by the name that a model's files give it. */
import type { GgufValue } from './gguf-values.ts';
import type { Architecture, StackedNames, UnlabelledArchitecture } from './architecture.ts';
import type { Arrangement } from './arrangement.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface Family {
  /** Values of `model_type` in config.json. */
  readonly modelTypes: readonly string[];
  /**
   * Reads config.json, whose `model_type` is one of them.
   * Errors: checkpoint/bad-config, checkpoint/unsupported-settings for every setting that would not be honoured.
   */
  parse(json: JsonObject, path: string): UnlabelledArchitecture;
  /** Null where no GGUF file of this family is read. */
  readonly gguf: GgufFamily | null;
}

/** How llama.cpp's converter writes a family. */
export interface GgufFamily {
  /** `general.architecture`. */
  readonly architecture: string;
  /** Tensors that hold settings and no weights. */
  readonly settingTensors: readonly string[];
  /**
   * The keys of config.json that the file stands for.
   * Errors: checkpoint/unsupported-settings.
   */
  config(file: GgufSettings, path: string): JsonObject;
  /** Hugging Face's name of a tensor, or the names of those that it holds; undefined for one that the family does not have. */
  tensorName(name: string): string | StackedNames | undefined;
  /** What names can be, written by `tensorName`: whole ones, and those in a layer ('attn_q' of 'blk.3.attn_q.weight'). */
  readonly names: { outside: readonly string[]; inLayer: readonly string[] };
  /**
   * How the file has the numbers of a tensor; null where it has them as Hugging Face does.
   * @param name Hugging Face's
   */
  arrangement(name: string, architecture: Architecture): Arrangement | null;
}

/** What the config depends on in a GGUF file. */
export type GgufSettings = {
  metadata: JsonObject;
  /** Of the metadata. */
  value: GgufValue;
  /** Rows of the embedding; null when it is missing. */
  vocabSize: number | null;
  /** There is an output matrix of its own. */
  hasOutput: boolean;
  /** The values of a setting tensor; null where it is not there. */
  read: (name: string) => Float32Array | null;
};
