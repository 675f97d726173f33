/** The weights of a checkpoint a few rows at a time, so that what is worked on fits into the processor's caches. */
import { unalignedBytes } from '../runtime/unaligned.ts';
import type { Checkpoint } from './checkpoint.ts';
import { floatBytes, type FloatType } from '../numbers/float-formats.ts';

/** Consecutive rows of a tensor; a vector is one row. */
type Rows = {
  readonly name: string;
  readonly type: FloatType;
  readonly first: number;
  readonly rows: number;
  readonly columns: number;
  /** Whether the tensor ends with them. */
  readonly last: boolean;
};

/** Row-major. */
export type StoredRows = Rows & { readonly bytes: Uint8Array };

/** A whole matrix [rows, columns] in one piece. */
export function wholeMatrix(
  name: string,
  values: Float32Array,
  { out, in: columns }: { out: number; in: number },
): StoredRows {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, type: 'float32', first: 0, rows: out, columns, last: true, bytes };
}

/**
 * All tensors one after another, as they are stored; dequantised to float32 where they are not plain numbers. The next
 * piece is read while one is worked on. A piece keeps its bytes until the one after the next is asked for; it has at most
 * `elements` elements, or one row.
 * Errors: as `Checkpoint.read`.
 */
export async function* storedRows(
  checkpoint: Pick<Checkpoint, 'tensors' | 'read' | 'readPlain'>,
  elements: number,
): AsyncGenerator<StoredRows, void> {
  /** Filled in turn: one is being filled, one is worked on, and one may still be in use. */
  const buffers = [new Uint8Array(), new Uint8Array(), new Uint8Array()];
  const load = async (rows: Rows, dequantised: Float32Array | null): Promise<StoredRows> => {
    const rowBytes = rows.columns * floatBytes[rows.type];
    const [begin, size] = [rows.first * rowBytes, rows.rows * rowBytes];
    if (dequantised) {
      const { buffer, byteOffset } = dequantised;
      return { ...rows, bytes: new Uint8Array(buffer, byteOffset + begin, size) };
    }
    const oldest = buffers.shift();
    const buffer = oldest && oldest.length >= size ? oldest : unalignedBytes(size);
    buffers.push(buffer);
    const bytes = buffer.subarray(0, size);
    await checkpoint.readPlain(rows.name, bytes, begin);
    return { ...rows, bytes };
  };

  let coming: Promise<StoredRows> | null = null;
  try {
    for (const [name, { plain }] of checkpoint.tensors) {
      const dequantised = plain === null ? checkpoint.read(name) : null;
      for (const rows of rowsOf(checkpoint, name, elements)) {
        const next = load(rows, dequantised);
        // Its error is thrown when its turn comes.
        next.catch(() => undefined);
        if (coming) yield await coming;
        coming = next;
      }
    }
    if (coming) yield await coming;
  } finally {
    // The file may be closed after this.
    await coming?.catch(() => undefined);
  }
}

function* rowsOf(
  { tensors }: Pick<Checkpoint, 'tensors'>,
  name: string,
  elements: number,
): Iterable<Rows> {
  const { shape = [], plain = null } = tensors.get(name) ?? {};
  const columns = shape.at(-1) ?? 0;
  const total = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const most = equalParts(total, Math.max(1, Math.floor(elements / columns)));
  for (let first = 0; first < total; first += most) {
    const rows = Math.min(most, total - first);
    yield { name, type: plain ?? 'float32', first, rows, columns, last: first + rows === total };
  }
}

/**
 * Rows in a piece. The largest divisor of `total` above half of `most`, so that one program serves every piece; without such
 * a divisor `most`, and the last piece has a program of its own.
 */
function equalParts(total: number, most: number): number {
  for (let rows = Math.min(most, total); rows > most / 2; rows--) {
    if (total % rows === 0) return rows;
  }
  return most;
}
