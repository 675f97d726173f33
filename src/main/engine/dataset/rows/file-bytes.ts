/** The bytes of a data file as they are read, with what is wrong with the file under our names. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DataFormat } from '../../../../shared/errors/dataset-errors.ts';
import { fileReason } from '../../../../shared/errors/file-reason.ts';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';

/** @throws dataset/not-found, dataset/not-readable */
export async function checkFile(path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (found.isFile()) return;
  } catch (error) {
    throw fileError(path, error);
  }
  throw lorikeetError('dataset/not-readable', { path, reason: 'it is not a file' });
}

/**
 * A text file's bytes, without the mark of their order at its beginning.
 * @throws dataset/not-found, dataset/not-readable, and dataset/wrong-format for a first chunk that no text file has
 */
export async function* textBytes(path: string, format: DataFormat): AsyncGenerator<Uint8Array> {
  await checkFile(path);
  let first = true;
  try {
    for await (const chunk of createReadStream(path)) {
      if (!Buffer.isBuffer(chunk)) continue;
      if (first && chunk.includes(0)) {
        const reason = 'it holds binary data, or text that is not in UTF-8';
        throw lorikeetError('dataset/wrong-format', { path, format, reason });
      }
      yield first && chunk.subarray(0, 3).equals(byteOrderMark) ? chunk.subarray(3) : chunk;
      first = false;
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

/** U+FEFF in UTF-8. */
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);

/** Errors of the file system under our names; others as they are. */
export function fileError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.name === 'LorikeetError')
    return error;
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return lorikeetError('dataset/not-found', { path }, { cause: error });
  }
  const reason = fileReason(error);
  return lorikeetError('dataset/not-readable', { path, reason }, { cause: error });
}
