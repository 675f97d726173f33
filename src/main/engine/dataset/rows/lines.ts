/** Reads a file line by line without holding it whole, and tells what is not text. */
import type { DataFormat } from '../../../../shared/errors/dataset-errors.ts';
import { textBytes } from './file-bytes.ts';
import { TextPieces } from './text-pieces.ts';

/** One line without its line feed, or why it is not text. */
export type Line = { line: number } & ({ text: string } | { reason: string });

const newline = 0x0a;

/**
 * The lines of a file, counted from 1. A final line break begins no line.
 * @throws what `textBytes` throws
 */
export async function* readLines(path: string, format: DataFormat): AsyncGenerator<Line> {
  const pieces = new TextPieces();
  let line = 0;
  for await (const chunk of textBytes(path, format)) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      pieces.add(chunk.subarray(start, end));
      yield { line: ++line, ...pieces.take() };
      start = end + 1;
    }
    if (start < chunk.length) pieces.add(chunk.subarray(start));
  }
  if (pieces.length > 0) yield { line: line + 1, ...pieces.take() };
}
