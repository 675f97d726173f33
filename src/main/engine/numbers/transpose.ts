/** Matrices turned round: rows become columns. */

/** [rows, columns] → [columns, rows], both row-major. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] ?? NaN;
    }
  }
  return turned;
}

/** The same for numbers of `width` bytes each. */
export function transposedBytes(
  bytes: Uint8Array,
  rows: number,
  columns: number,
  width: number,
): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(bytes.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = (row * columns + column) * width;
      const to = (column * rows + row) * width;
      for (let i = 0; i < width; i++) turned[to + i] = bytes[from + i] ?? 0;
    }
  }
  return turned;
}
