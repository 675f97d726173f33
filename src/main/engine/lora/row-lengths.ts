/** Squared lengths of the rows of a matrix. */

/**
 * Σ x² of each row of a matrix [rows, columns], row-major; in float64, so that long rows lose nothing.
 */
export function squaredRowLengths(matrix: Float32Array, rows: number): Float64Array {
  const columns = matrix.length / rows;
  const squares = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    squares[row] = squaredNorm(matrix, row * columns, (row + 1) * columns);
  }
  return squares;
}

/** Σ x² of `values[begin … end)`, in float64. */
export function squaredNorm(values: Float32Array, begin: number, end: number): number {
  let sum = 0;
  for (let i = begin; i < end; i++) {
    const value = values[i] ?? 0;
    sum += value * value;
  }
  return sum;
}
