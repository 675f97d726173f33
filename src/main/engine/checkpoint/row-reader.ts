/** Single rows of a tensor, for those who compare some of them and need no others. */

/** The values of a row, as `Checkpoint.read` gives them; a vector is one row. */
export type RowReader = (row: number) => Float32Array;

/** Of a tensor that can only be read whole, which it is for the first row that is asked for. */
export function rowsOfWhole(columns: number, read: () => Float32Array): RowReader {
  let values: Float32Array | null = null;
  return (row) => {
    values ??= read();
    return values.subarray(row * columns, (row + 1) * columns);
  };
}
