/** What stands for a config in a GGUF file, in the types that llama.cpp reads. Keys: gguf-py's constants. */
import type { GgufPairs, GgufValue } from '../tokenizer/gguf-pairs.ts';

export type GgufForm = {
  /** `general.architecture`: by it a file finds its family. */
  architecture: string;
  pairs: GgufPairs;
  /** Tensors that hold settings and no weights, by their names in the file; vectors. */
  settings: ReadonlyMap<string, Float32Array>;
  /** What programs that read it are known to compute otherwise, in sentences for a person. */
  notices: readonly string[];
};

export const uint32 = (value: number): GgufValue => ({ type: 'uint32', value });
export const float32 = (value: number): GgufValue => ({ type: 'float32', value });
export const bool = (value: boolean): GgufValue => ({ type: 'bool', value });
export const string = (value: string): GgufValue => ({ type: 'string', value });

/** Keys without the architecture in front, 'block_count'; what is undefined is not written. */
export type FormKeys = Readonly<Record<string, GgufValue | undefined>>;

/** @param settings tensors that hold settings; none where there are no such */
export function ggufForm(
  architecture: string,
  keys: FormKeys,
  settings: ReadonlyMap<string, Float32Array> = new Map(),
  notices: readonly string[] = [],
): GgufForm {
  const pairs = Object.entries(keys).flatMap(([key, value]): [string, GgufValue][] =>
    value === undefined ? [] : [[`${architecture}.${key}`, value]],
  );
  return { architecture, pairs: new Map(pairs), settings, notices };
}
