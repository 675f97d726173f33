/** A base model on disk: what everything above sees, whatever the format of the files. */
import type { Architecture, ModelConfig } from '../model/architecture.ts';
import type { PackingOf } from '../model/group-matrix.ts';
import type { FloatType } from '../numbers/float-formats.ts';
import type { PackedMatrix, Packing } from '../packed/packing.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import type { GgufPairs } from '../tokenizer/gguf-pairs.ts';
import type { RowReader } from './row-reader.ts';

/** One stored weight: its shape in Hugging Face's layout, the type it is stored as ('Q4_1', 'BF16'), its bytes on disk. */
export type StoredTensor = {
  readonly shape: readonly number[];
  readonly storedAs: string;
  readonly bytes: number;
  /** What its bytes on disk are; null where they are blocks with scales, or other numbers than Hugging Face's. */
  readonly plain: FloatType | null;
  /** How it can be held without unpacking it; null where only its values can be read. */
  readonly packing: Packing | null;
};

export interface Checkpoint {
  readonly path: string;
  readonly format: 'gguf' | 'huggingface';
  /** Full names of the files that make the model what it is: config, weights and tokenizer. */
  readonly files: readonly string[];
  readonly architecture: Architecture;
  /** That of the architecture. */
  readonly config: ModelConfig;
  /** By Hugging Face name; without `lm_head.weight` when it is tied. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Row-major, Hugging Face layout, dequantised. Errors: checkpoint/cut-short, checkpoint/unreadable, checkpoint/not-finite. */
  read(name: string): Float32Array;
  /** Rows of what `read` gives, one at a time: the others are not read where the file allows that. Errors: as `read`, whatever the values. */
  rows(name: string): RowReader;
  /**
   * Fills `target` with whole rows of a plain tensor, in Hugging Face's order, from its byte `begin` on. Errors: as `read`,
   * whatever the values.
   */
  readPlain(name: string, target: Uint8Array, begin: number): Promise<void>;
  /** A matrix that has a packing, with the values that `read` gives. Errors: as `read`. */
  packed(name: string): PackedMatrix;
  /** Read when first asked for. Errors: checkpoint/tokenizer-missing and those of the vocabulary. */
  readonly tokenizer: TokenizerFiles;
  /** Of a GGUF file: its key-values. */
  readonly ggufPairs?: () => GgufPairs;
  close(): void;
}

/** How a program holds the matrices of a checkpoint. */
export function packingOf({ tensors }: Pick<Checkpoint, 'tensors'>): PackingOf {
  return (name) => tensors.get(name)?.packing ?? null;
}
