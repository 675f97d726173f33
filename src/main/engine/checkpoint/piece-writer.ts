/** New files that are written piece by piece: two pieces are in memory, however large the file. */
import { open, type FileHandle } from 'node:fs/promises';

export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * What is written at a time. Smaller pieces cost calls. Larger ones leave the processor's caches, and for them Linux takes
 * whole blocks of 2 MB: in a virtual machine that lends its free memory out, writing was seen to take two to five times
 * as long.
 */
export const pieceBytes = 1 << 20;

/**
 * Writes a file and returns its size in bytes. While a piece is being written the next one is made, so a piece has to be left
 * alone until the one after the next is asked for. Errors: those of the file system as they come (see `withOutputFolder`).
 */
export async function writeInPieces(path: string, pieces: Pieces): Promise<number> {
  const file = await open(path, 'wx');
  let written = Promise.resolve();
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      await written;
      written = writeAll(file, piece);
      bytes += piece.length;
    }
    await written;
    return bytes;
  } finally {
    await written.catch(() => undefined);
    await file.close();
  }
}

/** The pieces of a tensor, which have to be so many bytes. */
export async function* counted(
  name: string,
  pieces: Pieces,
  bytes: number,
): AsyncIterable<Uint8Array> {
  let left = bytes;
  for await (const piece of pieces) {
    left -= piece.length;
    yield piece;
  }
  if (left !== 0) throw new Error(`${name} has ${-left} bytes too many`);
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done)).bytesWritten;
  }
}
