/** A base model on disk: what everything above sees, whatever the format of the files. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Architecture, ModelConfig } from '../model/architecture.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import type { FloatType } from '../numbers/float-formats.ts';
import { otherThanModel } from './other-than-model.ts';
import { openGgufCheckpoint } from './gguf-checkpoint.ts';
import { openHuggingFaceCheckpoint } from './huggingface-checkpoint.ts';

/** One stored weight: its shape in Hugging Face's layout, the type it is stored as ('Q4_1', 'BF16'), its bytes on disk. */
export type StoredTensor = {
  readonly shape: readonly number[];
  readonly storedAs: string;
  readonly bytes: number;
  /** What its bytes on disk are, in Hugging Face's order; null where they are blocks with scales, or in another order. */
  readonly plain: FloatType | null;
};

export interface Checkpoint {
  readonly path: string;
  readonly format: 'gguf' | 'huggingface';
  readonly architecture: Architecture;
  /** That of the architecture. */
  readonly config: ModelConfig;
  /** By Hugging Face name; without `lm_head.weight` when it is tied. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Row-major, Hugging Face layout, dequantised. Errors: checkpoint/cut-short, checkpoint/unreadable. */
  read(name: string): Float32Array;
  /** Fills `target` with the bytes of a plain tensor from its byte `begin` on. Errors: as `read`. */
  readPlain(name: string, target: Uint8Array, begin: number): Promise<void>;
  /** Read when first asked for. Errors: checkpoint/tokenizer-missing and those of the vocabulary. */
  readonly tokenizer: TokenizerFiles;
  close(): void;
}

/**
 * Opens a `.gguf` file or a Hugging Face directory. That every weight which the config needs is there with
 * the right shape is checked now; values are read when asked for.
 * Errors: checkpoint/*, each with what is wrong by tensor name and number.
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory() === true && existsSync(join(path, 'config.json'))) {
    return openHuggingFaceCheckpoint(path);
  }
  const other = otherThanModel(path);
  if (other !== null) throw lorikeetError('checkpoint/not-a-model', { path, ...other });
  if (status?.isFile() === true) return openGgufCheckpoint(path);
  throw lorikeetError('checkpoint/not-found', { path });
}

export { describeCheckpoint } from './describe.ts';
