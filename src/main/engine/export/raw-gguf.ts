/** A second reader of GGUF's table of tensors, for proofs: it shares nothing with the one that the export reads with. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes of GGUF's plain metadata values by the number of their type; 8 is a text, 9 a list. */
const widths: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, NaN, NaN, 8, 8, 8];

/** Name and number of elements of every tensor in the file, in its order; of one with three axes those of each slice. */
export function ggufTensorSizes(path: string): [string, number][] {
  const descriptor = openSync(path, 'r');
  try {
    return sizesOf(new Cursor(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** The format: magic, version, number of tensors and of pairs, the pairs, and the tensors with name, sizes, type and place. */
function sizesOf(cursor: Cursor): [string, number][] {
  cursor.skip(8);
  const tensors = cursor.number(8);
  const pairs = cursor.number(8);
  for (let i = 0; i < pairs; i++) {
    cursor.text();
    skipValue(cursor, cursor.number(4));
  }
  return Array.from({ length: tensors }, (): [string, number][] => {
    const name = cursor.text();
    const sizes = Array.from({ length: cursor.number(4) }, () => cursor.number(8));
    cursor.skip(4 + 8);
    const [columns = 1, rows = 1, slices = 1] = sizes;
    return Array.from({ length: slices }, () => [name, columns * rows]);
  }).flat();
}

function skipValue(cursor: Cursor, type: number): void {
  if (type === 8) cursor.text();
  else if (type === 9) {
    const inner = cursor.number(4);
    for (let left = cursor.number(8); left > 0; left--) skipValue(cursor, inner);
  } else cursor.skip(widths[type] ?? NaN);
}

/** Reads on and on from the beginning of a file. */
class Cursor {
  private readonly descriptor: number;
  private readonly size: number;
  private buffer = Buffer.alloc(0);
  /** Where the buffer begins in the file, and where the cursor is in the buffer. */
  private start = 0;
  private at = 0;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
    this.size = fstatSync(descriptor).size;
  }

  number(bytes: 4 | 8): number {
    const part = this.take(bytes);
    return bytes === 4 ? part.readUInt32LE() : Number(part.readBigUInt64LE());
  }

  text(): string {
    return this.take(this.number(8)).toString('utf8');
  }

  skip(bytes: number): void {
    this.take(bytes);
  }

  private take(bytes: number): Buffer {
    if (!(this.start + this.at + bytes <= this.size))
      throw new RangeError('the table is cut short');
    if (this.at + bytes > this.buffer.length) {
      this.start += this.at;
      this.at = 0;
      this.buffer = Buffer.alloc(Math.min(Math.max(bytes, 1 << 20), this.size - this.start));
      readSync(this.descriptor, this.buffer, 0, this.buffer.length, this.start);
    }
    this.at += bytes;
    return this.buffer.subarray(this.at - bytes, this.at);
  }
}
