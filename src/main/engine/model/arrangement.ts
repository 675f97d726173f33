/** How a GGUF file arranges the numbers of a tensor that Hugging Face has in another way. */

export type Arrangement =
  /** Row i of the file is row order[i] of Hugging Face; what is no matrix has rows of one number. */
  | { kind: 'rows'; order: Uint32Array }
  /** The file has the factor, Hugging Face what is added to 1. */
  | { kind: 'plus one' };

/** Brings the values of a tensor from the file's arrangement to Hugging Face's, in place. */
export function restore(values: Float32Array, arrangement: Arrangement): void {
  if (arrangement.kind === 'plus one') {
    for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? NaN) - 1;
    return;
  }
  restoreRows(values, arrangement);
}

/** Brings rows from the file's order to Hugging Face's, in place; `values` are numbers or the bytes of rows. */
export function restoreRows(
  values: Float32Array | Uint8Array,
  { order }: { order: Uint32Array },
): void {
  const width = values.length / order.length;
  const inFile = values.slice();
  for (const [row, target] of order.entries()) {
    values.set(inFile.subarray(row * width, (row + 1) * width), target * width);
  }
}

/** The rows of a tensor in the file's order; `values` are numbers or the bytes of numbers. */
export function inFileOrder<T extends Float32Array | Uint8Array>(
  values: T,
  { order }: { order: Uint32Array },
): T;
export function inFileOrder(
  values: Float32Array | Uint8Array,
  { order }: { order: Uint32Array },
): Float32Array | Uint8Array {
  const width = values.length / order.length;
  const arranged = values.slice();
  for (const [row, source] of order.entries()) {
    arranged.set(values.subarray(source * width, (source + 1) * width), row * width);
  }
  return arranged;
}

/**
 * What llama.cpp's converter does to q and k of LLaMA: in each head it puts row h·d/2 + i (h 0 or 1) at 2i + h, so that the two
 * numbers that are turned together are neighbours (convert_hf_to_gguf.py, LlamaModel.permute).
 */
export function interleaved(rows: number, heads: number): Arrangement {
  const size = rows / heads;
  const order = Uint32Array.from({ length: rows }, (_, row) => {
    const inHead = row % size;
    return row - inHead + (inHead & 1) * (size / 2) + (inHead >>> 1);
  });
  return { kind: 'rows', order };
}

/** Of a fused q, k, v: Hugging Face has the three of each head together, [H, 3, …], the file all of q, then k, then v, [3, H, …]. */
export function byPart(rows: number, heads: number): Arrangement {
  const size = rows / heads / 3;
  const order = Uint32Array.from({ length: rows }, (_, row) => {
    const block = Math.floor(row / size);
    const [part, head] = [Math.floor(block / heads), block % heads];
    return (head * 3 + part) * size + (row % size);
  });
  return { kind: 'rows', order };
}
