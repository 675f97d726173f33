/** A JSON file that is one list: its items, each read as a text of its own, so that the list is never whole in memory. */
import { parseJsonLine } from '../json-line.ts';
import { textBytes } from './file-bytes.ts';
import type { Row } from './row.ts';
import { TextPieces } from './text-pieces.ts';

// In UTF-8 these bytes stand for these characters only.
const [quote, backslash, comma] = Buffer.from('"\\,');
const opening: ReadonlySet<number> = new Set(Buffer.from('[{'));
const closing: ReadonlySet<number> = new Set(Buffer.from(']}'));
const space: ReadonlySet<number> = new Set(Buffer.from(' \t\r\n'));

/** Whether the first character that is not white space begins a list. */
export async function beginsWithList(path: string): Promise<boolean> {
  for await (const chunk of textBytes(path, 'JSON')) {
    const first = chunk.find((byte) => !space.has(byte));
    if (first !== undefined) return first === 0x5b;
  }
  return false;
}

/**
 * A row for each item of the list, counted from 1.
 * @throws what `textBytes` throws
 */
export async function* readJsonList(path: string): AsyncGenerator<Row> {
  const pieces = new TextPieces();
  let item = 0;
  /** 0 outside of the list, 1 between its items, more inside of one. */
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let ended = false;
  for await (const chunk of textBytes(path, 'JSON')) {
    let start = 0;
    for (let at = 0; at < chunk.length && !ended; at++) {
      const byte = chunk[at] ?? 0;
      if (quoted) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) quoted = false;
      } else if (byte === quote) {
        quoted = true;
      } else if (opening.has(byte)) {
        if (++depth === 1) start = at + 1;
      } else if (depth === 1 && (byte === comma || closing.has(byte))) {
        pieces.add(chunk.subarray(start, at));
        start = at + 1;
        const row = itemOf(++item, pieces, byte === comma);
        if (row !== null) yield row;
        ended = byte !== comma;
      } else if (closing.has(byte)) {
        depth--;
      }
    }
    if (start < chunk.length) pieces.add(chunk.subarray(start));
  }
  const rest = pieces.take();
  if (ended && 'text' in rest && rest.text.trim() === '') return;
  const reason = ended
    ? 'something follows after the end of the list'
    : 'the file ends before this item or the list does, or a bracket or quotation mark in it has no counterpart';
  yield { line: item + 1, reason };
}

/** Null where the list ends without an item, as an empty list does. */
function itemOf(line: number, pieces: TextPieces, more: boolean): Row | null {
  const piece = pieces.take();
  if ('reason' in piece) return { line, ...piece };
  if (piece.text.trim() !== '') return { line, ...parseJsonLine(piece.text.trim()) };
  if (line === 1 && !more) return null;
  return { line, reason: 'there is nothing where an item is expected; take out a comma' };
}
