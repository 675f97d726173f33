/**
 * The types of GGUF whose blocks are 32 values with one scale: Q8_0, Q4_0, Q4_1, Q5_0, Q5_1. Written from the algorithms
 * of quantize_row_*_ref in ggml-quants.c. All arithmetic is in float32, so each operation is rounded by `fround`; where a
 * scale is too small to have a reciprocal, products are infinite or NaN and `| 0` makes 0 of them, as the original's casts do.
 */
import { setHalf } from '../numbers/float-formats.ts';

const { abs, fround } = Math;

const size = 32;

/** Scale d takes the largest magnitude to 127; values are rounded to nearest, ties away from 0. */
export function quantizeQ8_0(values: Float32Array, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let first = 0; first < values.length; first += size, at += 34) {
    const d = fround(abs(farthest(values, first)) / 127);
    const inverse = reciprocal(d);
    setHalf(target, at, d);
    for (let j = 0; j < size; j++) {
      const scaled = fround((values[first + j] ?? 0) * inverse);
      target[at + 2 + j] = (scaled < 0 ? scaled - 0.5 : scaled + 0.5) | 0;
    }
  }
}

export function quantizeQ4_0(values: Float32Array, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let first = 0; first < values.length; first += size, at += 18) {
    const inverse = setSymmetric(values, first, 8, target, at);
    setLevels(values, first, 0, inverse, 8.5, 15, target, at + 2);
  }
}

export function quantizeQ5_0(values: Float32Array, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let first = 0; first < values.length; first += size, at += 22) {
    const inverse = setSymmetric(values, first, 16, target, at);
    const high = setLevels(values, first, 0, inverse, 16.5, 31, target, at + 6);
    setWord(target, at + 2, high);
  }
}

export function quantizeQ4_1(values: Float32Array, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let first = 0; first < values.length; first += size, at += 20) {
    const minimum = least(values, first);
    const inverse = setAffine(values, first, minimum, 15, target, at);
    setLevels(values, first, minimum, inverse, 0.5, 15, target, at + 4);
  }
}

export function quantizeQ5_1(values: Float32Array, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let first = 0; first < values.length; first += size, at += 24) {
    const minimum = least(values, first);
    const inverse = setAffine(values, first, minimum, 31, target, at);
    const high = setLevels(values, first, minimum, inverse, 0.5, 31, target, at + 8);
    setWord(target, at + 4, high);
  }
}

/** Writes the scale that takes the value of largest magnitude to −`half`, the end with one level more. Returns its reciprocal. */
function setSymmetric(
  values: Float32Array,
  first: number,
  half: number,
  target: Uint8Array,
  at: number,
): number {
  const d = fround(farthest(values, first) / -half);
  setHalf(target, at, d);
  return reciprocal(d);
}

/** Writes the scale that takes the range of the values to 0 … `top`, and their minimum. Returns the scale's reciprocal. */
function setAffine(
  values: Float32Array,
  first: number,
  minimum: number,
  top: number,
  target: Uint8Array,
  at: number,
): number {
  let maximum = values[first] ?? 0;
  for (let j = 1; j < size; j++) {
    const value = values[first + j] ?? 0;
    if (value > maximum) maximum = value;
  }
  const d = fround(fround(maximum - minimum) / top);
  setHalf(target, at, d);
  setHalf(target, at + 2, minimum);
  return reciprocal(d);
}

/**
 * Writes the 16 bytes of low nibbles of the levels ⌊(value − minimum)·inverse + shift⌋, at most `top`; those of values
 * 0–15 are the low halves. Returns the levels' fifth bits.
 */
function setLevels(
  values: Float32Array,
  first: number,
  minimum: number,
  inverse: number,
  shift: number,
  top: number,
  target: Uint8Array,
  at: number,
): number {
  let high = 0;
  for (let j = 0; j < 16; j++) {
    const low0 = fround(fround((values[first + j] ?? 0) - minimum) * inverse);
    const low1 = fround(fround((values[first + j + 16] ?? 0) - minimum) * inverse);
    let level0 = fround(low0 + shift) | 0;
    let level1 = fround(low1 + shift) | 0;
    if (level0 > top) level0 = top;
    if (level1 > top) level1 = top;
    target[at + j] = (level0 & 15) | ((level1 & 15) << 4);
    high |= ((level0 >>> 4) << j) | ((level1 >>> 4) << (j + 16));
  }
  return high;
}

/** The first of the values whose magnitude is largest. */
function farthest(values: Float32Array, first: number): number {
  let found = 0;
  for (let j = 0; j < size; j++) {
    const value = values[first + j] ?? 0;
    if (abs(value) > abs(found)) found = value;
  }
  return found;
}

function least(values: Float32Array, first: number): number {
  let found = values[first] ?? 0;
  for (let j = 1; j < size; j++) {
    const value = values[first + j] ?? 0;
    if (value < found) found = value;
  }
  return found;
}

function reciprocal(d: number): number {
  return d === 0 ? 0 : fround(1 / d);
}

function setWord(target: Uint8Array, at: number, word: number): void {
  target[at] = word;
  target[at + 1] = word >>> 8;
  target[at + 2] = word >>> 16;
  target[at + 3] = word >>> 24;
}
