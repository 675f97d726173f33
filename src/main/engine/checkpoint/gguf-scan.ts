/** Goes once through the table of a GGUF file, so that the library which reads it next meets no count or length that lies. */
import type { FileBytes } from './file-bytes.ts';

/** Bytes of plain values by the number of their type; 8 is a text, 9 a list. */
const widths: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8];
const text = 8;
const list = 9;

/** A vocabulary of a quarter of a million tokens has 1.6 million items in its lists. */
const mostItems = 4_000_000;
/** The library reads a table of 50 MB at most. */
const mostBytes = 50_000_000;
const mostAxes = 8;
/** By the format. */
const longestKey = 2 ** 16 - 1;
const bufferBytes = 1 << 16;

/** @throws an Error that says what is wrong, or `cutShort` with the byte that the file would need */
export function scanGguf(
  file: FileBytes,
  { tensors, pairs }: { tensors: number; pairs: number },
  cutShort: (needed: number) => Error,
): void {
  const cursor = new Cursor(file, cutShort);
  let items = 0;
  const passValue = (type: number, depth: number): void => {
    if (type === text) cursor.skip(cursor.number(8));
    else if (type === list) {
      if (depth > 2) throw new Error('it has lists within lists within lists');
      const inner = cursor.number(4);
      const count = cursor.number(8);
      items += count;
      if (items > mostItems) throw new Error(`its lists have ${items} items`);
      const width = widthOf(inner);
      // The shortest text and the shortest list have lengths of their own.
      cursor.need(count * width);
      if (inner !== text && inner !== list) cursor.skip(count * width);
      else for (let left = count; left > 0; left--) passValue(inner, depth + 1);
    } else cursor.skip(widthOf(type));
  };
  const keys = new Set<string>();
  for (let left = pairs; left > 0; left--) {
    const key = cursor.text(cursor.number(8));
    // The library keeps the last of them without a word.
    if (keys.has(key)) throw new Error(`it has the key "${key}" twice`);
    keys.add(key);
    passValue(cursor.number(4), 0);
  }
  for (let left = tensors; left > 0; left--) {
    cursor.skip(cursor.number(8));
    const axes = cursor.number(4);
    if (axes > mostAxes) throw new Error(`a tensor of it has ${axes} axes`);
    cursor.skip(8 * axes + 4 + 8);
  }
}

function widthOf(type: number): number {
  const width = widths[type];
  if (width === undefined) throw new Error(`it has a value of the unknown type ${type}`);
  return width;
}

/** Reads on and on, from behind the counts. */
class Cursor {
  private readonly file: FileBytes;
  private readonly cutShort: (needed: number) => Error;
  private buffer = Buffer.alloc(0);
  /** Where the buffer begins in the file, and where the cursor is in the file. */
  private start = 0;
  private at = 24;

  constructor(file: FileBytes, cutShort: (needed: number) => Error) {
    this.file = file;
    this.cutShort = cutShort;
  }

  number(bytes: 4 | 8): number {
    const place = this.take(bytes);
    return bytes === 4
      ? this.buffer.readUInt32LE(place)
      : Number(this.buffer.readBigUInt64LE(place));
  }

  text(bytes: number): string {
    if (bytes > longestKey) throw new Error(`a key of it has ${bytes} bytes`);
    const place = this.take(bytes);
    return this.buffer.toString('utf8', place, place + bytes);
  }

  skip(bytes: number): void {
    this.need(bytes);
    this.at += bytes;
  }

  /** Where the next bytes stand in the buffer; they are passed over. */
  private take(bytes: number): number {
    this.need(bytes);
    if (this.at < this.start || this.at + bytes > this.start + this.buffer.length) {
      this.start = this.at;
      this.buffer = Buffer.alloc(Math.min(bufferBytes, this.file.size - this.at));
      this.file.readInto(this.buffer, this.start);
    }
    const place = this.at - this.start;
    this.at += bytes;
    return place;
  }

  /** That so many bytes follow. */
  need(bytes: number): void {
    const end = this.at + bytes;
    if (!(end <= this.file.size)) throw this.cutShort(end);
    if (end > mostBytes) throw new Error(`its table takes over ${mostBytes / 1e6} MB`);
  }
}
