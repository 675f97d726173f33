/** What a model family brings: one file in families/, found by the name that a model's files give it. */
import type { Architecture, StackedNames, UnlabelledArchitecture } from './architecture.ts';

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
  /**
   * Brings the values of a tensor back to what Hugging Face has, in place; null where the converter has left them as they were.
   * @param name Hugging Face's
   */
  restorer(name: string, architecture: Architecture): ((values: Float32Array) => void) | null;
}

/** What the config depends on in a GGUF file. */
export type GgufSettings = {
  metadata: JsonObject;
  /** Rows of the embedding; null when it is missing. */
  vocabSize: number | null;
  /** There is an output matrix of its own. */
  hasOutput: boolean;
  /** The values of a setting tensor; null where it is not there. */
  read: (name: string) => Float32Array | null;
};
