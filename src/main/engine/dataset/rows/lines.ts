/** Reads a file line by line without holding it whole, and tells what is not text. */
import type { DataFormat } from '../../../../shared/errors/dataset-errors.ts';
import { textBytes } from './file-bytes.ts';
import { TextPieces } from './text-pieces.ts';

/** One line without its line feed, or why it is not text. */
export type Line = { line: number } & ({ text: string } | { reason: string });

const newline = 0x0a;
const [space, tab, carriageReturn] = [0x20, 0x09, 0x0d];

/** Where the next line begins if the one at `start` is blank; `start` if it is not, or does not end in this chunk. */
function blankEnd(chunk: Uint8Array, start: number): number {
  for (let at = start; at < chunk.length; at++) {
    const byte = chunk[at];
    if (byte === newline) return at + 1;
    if (byte !== space && byte !== tab && byte !== carriageReturn) return start;
  }
  return start;
}

/**
 * The lines of a file, counted from 1, but for most that are blank. A final line break begins no line.
 * @throws what `textBytes` throws
 */
export async function* readLines(path: string, format: DataFormat): AsyncGenerator<Line> {
  const pieces = new TextPieces();
  let line = 0;
  for await (const chunk of textBytes(path, format)) {
    let start = 0;
    for (;;) {
      // A step of a generator takes a microsecond or more, and a file may have millions of blank lines.
      if (pieces.length === 0) {
        for (let end = blankEnd(chunk, start); end > start; end = blankEnd(chunk, start)) {
          start = end;
          line++;
        }
      }
      const end = chunk.indexOf(newline, start);
      if (end < 0) break;
      pieces.add(chunk.subarray(start, end));
      yield { line: ++line, ...pieces.take() };
      start = end + 1;
    }
    if (start < chunk.length) pieces.add(chunk.subarray(start));
  }
  if (pieces.length > 0) yield { line: line + 1, ...pieces.take() };
}
