/** What PiSSA and OLoRA take out of a matrix, by the properties that define it. */
import { describe, expect, test } from 'vitest';
import { Factoriser, type FactorKind } from '../../../../src/main/engine/lora/factors.ts';
import { createRandom } from '../../../../src/main/engine/random.ts';
import { unit } from '../../../support/rounding.ts';

type Matrix = { rows: number; columns: number; at: (row: number, column: number) => number };

const matrix = (rows: number, columns: number, values: ArrayLike<number>): Matrix => ({
  rows,
  columns,
  at: (row, column) => values[row * columns + column] ?? NaN,
});

function product(a: Matrix, b: Matrix): Matrix {
  const values: number[] = [];
  for (let row = 0; row < a.rows; row++) {
    for (let column = 0; column < b.columns; column++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) sum += a.at(row, k) * b.at(k, column);
      values.push(sum);
    }
  }
  return matrix(a.rows, b.columns, values);
}

const transposed = (a: Matrix): Matrix => ({
  rows: a.columns,
  columns: a.rows,
  at: (row, column) => a.at(column, row),
});

function largest(a: Matrix): number {
  let most = 0;
  for (let row = 0; row < a.rows; row++) {
    for (let column = 0; column < a.columns; column++)
      most = Math.max(most, Math.abs(a.at(row, column)));
  }
  return most;
}

/** The largest singular value, by power iteration. */
function norm(a: Matrix): number {
  let x = matrix(
    a.columns,
    1,
    Array.from({ length: a.columns }, (_, i) => Math.cos(i)),
  );
  let length = 0;
  for (let i = 0; i < 300; i++) {
    const y = product(transposed(a), product(a, x));
    length = Math.hypot(...Array.from({ length: y.rows }, (_, row) => y.at(row, 0)));
    x = matrix(
      a.columns,
      1,
      Array.from({ length: y.rows }, (_, row) => y.at(row, 0) / length),
    );
  }
  return Math.sqrt(length);
}

const rank = 3;
const scaling = 2;

/**
 * A decomposition of an n × n matrix in float32 is the exact one of a matrix that differs by p(n)·u times its norm, with p(n) of
 * about 10·n (Golub and Van Loan, "Matrix Computations", 5.2 and 8.3). PiSSA's is made from W·Wᵀ, which doubles it for the directions
 * that are at least half as strong as the first.
 */
const backward = (n: number) => 2 * 10 * n * unit.float32;

function takeOut(kind: FactorKind, out: number, inputs: number) {
  const random = createRandom(5, out);
  const weight = Float32Array.from({ length: out * inputs }, () => random.normal());
  const factoriser = new Factoriser(kind);
  try {
    const factors = factoriser.factors(weight, { out, in: inputs, rank, scaling });
    const a = matrix(rank, inputs, factors.a);
    const b = matrix(out, rank, factors.b);
    const w = matrix(out, inputs, weight);
    const part = product(b, a);
    const rest: Matrix = {
      rows: out,
      columns: inputs,
      at: (row, column) => w.at(row, column) - scaling * part.at(row, column),
    };
    return { a, b, w, rest };
  } finally {
    factoriser.dispose();
  }
}

describe.each([
  [12, 20],
  [20, 12],
])('a matrix [%i, %i]', (out, inputs) => {
  test('PiSSA takes the largest singular directions', () => {
    const { a, b, w, rest } = takeOut('pissa', out, inputs);
    // What is left is orthogonal to what was taken, on both sides …
    const off = backward(Math.max(out, inputs)) * norm(w);
    expect(largest(product(rest, transposed(a)))).toBeLessThan(off * norm(a));
    expect(largest(product(transposed(b), rest))).toBeLessThan(off * norm(b));
    // … and the weakest direction taken is stronger than all that is left.
    const gram = product(a, transposed(a));
    const taken = Array.from({ length: rank }, (_, i) => scaling * gram.at(i, i));
    expect(Math.abs(Math.max(...taken) - norm(w))).toBeLessThan(off);
    expect(Math.min(...taken)).toBeGreaterThan(norm(rest));
  });

  test('OLoRA takes the first columns of the QR decomposition', () => {
    const { a, b, w } = takeOut('olora', out, inputs);
    const off = backward(Math.max(out, inputs));
    const gram = product(transposed(b), b);
    for (let i = 0; i < rank; i++) {
      for (let k = 0; k < rank; k++) {
        expect(Math.abs(gram.at(i, k) - (i === k ? 1 : 0))).toBeLessThan(off);
      }
    }
    // Its columns span the first columns of W: Q·R gives them back.
    const again = product(b, a);
    for (let row = 0; row < out; row++) {
      for (let column = 0; column < rank; column++) {
        const gap = Math.abs(again.at(row, column) - w.at(row, column));
        expect(gap).toBeLessThan(off * norm(w));
      }
    }
  });
});
