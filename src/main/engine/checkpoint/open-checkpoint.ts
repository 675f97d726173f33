/** Opens a base model, whatever the format of its files. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openGgufCheckpoint } from './gguf-checkpoint.ts';
import { openHuggingFaceCheckpoint } from './huggingface-checkpoint.ts';
import { otherThanModel } from './other-than-model.ts';

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

/** Opens it, hands it to `work`, and closes it whatever happens. Errors: as `openCheckpoint`. */
export async function withCheckpoint<T>(
  path: string,
  work: (checkpoint: Checkpoint) => T | Promise<T>,
): Promise<T> {
  const checkpoint = await openCheckpoint(path);
  try {
    return await work(checkpoint);
  } finally {
    checkpoint.close();
  }
}
