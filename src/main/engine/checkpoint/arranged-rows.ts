/** Rows of a tensor that its file has in another order. */
import type { FileBytes } from './file-bytes.ts';

/**
 * Fills `target` with whole rows of a tensor of plain numbers, from its byte `from` on, in Hugging Face's order: row i of the
 * file is its row order[i]. Errors: as `FileBytes`.
 */
export async function readArranged(
  file: FileBytes,
  { begin, bytes }: { begin: number; bytes: number },
  order: Uint32Array,
  target: Uint8Array,
  from: number,
): Promise<void> {
  const size = bytes / order.length;
  const placeOf = (row: number) => (order[row] ?? 0) * size - from;
  const wanted = [...order.keys()].filter((row) => {
    const place = placeOf(row);
    return place >= 0 && place < target.length;
  });
  for (const { first, rows } of runsOf(wanted)) {
    const run = new Uint8Array(((rows.at(-1) ?? first) - first + 1) * size);
    await file.readLater(run, begin + first * size);
    for (const row of rows) {
      const at = (row - first) * size;
      target.set(run.subarray(at, at + size), placeOf(row));
    }
  }
}

/** Ascending rows that are read at once: they follow each other, or there is one between them that is not wanted. */
function* runsOf(wanted: readonly number[]): Iterable<{ first: number; rows: readonly number[] }> {
  let rows: number[] = [];
  for (const row of wanted) {
    if (row - (rows.at(-1) ?? row) > 2) {
      yield { first: rows[0] ?? 0, rows };
      rows = [];
    }
    rows.push(row);
  }
  if (rows.length > 0) yield { first: rows[0] ?? 0, rows };
}
