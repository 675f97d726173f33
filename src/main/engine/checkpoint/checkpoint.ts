/** A base model on disk: what everything above sees, whatever the format of the files. */
import type { ModelConfig } from '../model/config.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';

/** One stored weight: its shape in Hugging Face's layout, the type it is stored as ('Q4_1', 'BF16'), its bytes on disk. */
export type StoredTensor = {
  readonly shape: readonly number[];
  readonly storedAs: string;
  readonly bytes: number;
};

export interface Checkpoint {
  readonly path: string;
  readonly format: 'gguf' | 'huggingface';
  readonly config: ModelConfig;
  /** By Hugging Face name; without `lm_head.weight` when it is tied. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Row-major, Hugging Face layout, dequantised. Errors: checkpoint/cut-short, checkpoint/unreadable. */
  read(name: string): Float32Array;
  /** Read when first asked for. Errors: checkpoint/tokenizer-missing and those of the vocabulary. */
  readonly tokenizer: TokenizerFiles;
  close(): void;
}
