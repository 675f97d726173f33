/** Reads a file line by line without holding it whole, and tells what is not text. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';

/** A line beyond this is a mistake rather than an example: no model has a context of 16 MiB. */
export const maximumLineBytes = 16 * 2 ** 20;

/** One line without its line feed; `text` is null where it is not text, and `reason` says why. */
export type Line =
  { number: number; text: string } | { number: number; text: null; reason: string };

const newline = 0x0a;
const byteOrderMark = '\uFEFF';

/**
 * The lines of a file, counted from 1. A final line break begins no line.
 * @throws dataset/not-found, dataset/not-readable, dataset/not-jsonl for a file that is not text at all
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  await checkFile(path);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let number = 0;
  let pieces: Uint8Array[] = [];
  let length = 0;

  const keep = (piece: Uint8Array): void => {
    length += piece.length;
    if (length <= maximumLineBytes) pieces.push(piece);
  };
  const finish = (): Line => {
    number++;
    const bytes = Buffer.concat(pieces);
    const tooLong = length > maximumLineBytes;
    pieces = [];
    length = 0;
    if (tooLong) return { number, text: null, reason: 'it is longer than 16 MiB' };
    try {
      const text = decoder.decode(bytes);
      const start = number === 1 && text.startsWith(byteOrderMark) ? 1 : 0;
      return { number, text: text.slice(start) };
    } catch {
      return { number, text: null, reason: 'it is not UTF-8 text' };
    }
  };

  for await (const chunk of chunksOf(path)) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  if (length > 0) yield finish();
}

async function checkFile(path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (found.isFile()) return;
  } catch (error) {
    throw readError(path, error);
  }
  throw lorikeetError('dataset/not-readable', { path, reason: 'it is not a file' });
}

/** The file's bytes; refuses a first chunk that no text file has. */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  let first = true;
  try {
    for await (const chunk of createReadStream(path)) {
      if (!Buffer.isBuffer(chunk)) continue;
      if (first && chunk.includes(0)) {
        const reason = 'it holds binary data, or text that is not in UTF-8';
        throw lorikeetError('dataset/not-jsonl', { path, reason });
      }
      first = false;
      yield chunk;
    }
  } catch (error) {
    throw readError(path, error);
  }
}

/** Errors of the file system under our names; others as they are. */
function readError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.name === 'LorikeetError')
    return error;
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return lorikeetError('dataset/not-found', { path }, { cause: error });
  }
  const reason = error.code === 'EACCES' ? 'permission was denied' : error.message;
  return lorikeetError('dataset/not-readable', { path, reason }, { cause: error });
}
