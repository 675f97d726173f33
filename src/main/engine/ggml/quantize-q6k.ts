/** Q6_K, written from the algorithm of quantize_row_q6_K_ref in ggml-quants.c. Layout: `dequantizeQ6K`. */
import { setHalf } from '../numbers/float-formats.ts';
import { almostZero, fitScale, scaleGroup } from './fit-scale.ts';
import { nearestInteger, nearestLevel } from './nearest.ts';

const { abs, fround } = Math;

const groups = 16;
const size = groups * scaleGroup;

// What is known of the block at hand: each group's scale, each value's level + 32.
const scales = new Float32Array(groups);
const levels = new Uint8Array(size);

export function quantizeQ6K(values: Float32Array, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let first = 0; first < values.length; first += size, at += 210) {
    let farthest = 0;
    for (let g = 0; g < groups; g++) {
      const scale = fitScale(values, first + g * scaleGroup, levels, g * scaleGroup);
      scales[g] = scale;
      if (abs(scale) > abs(farthest)) farthest = scale;
    }
    if (abs(farthest) < almostZero) target.fill(0, at, at + 210);
    else {
      setGroups(values, first, farthest, target, at);
      setSixBits(target, at);
    }
  }
}

/** Writes the groups' scales, of which `farthest` becomes −128, and rounds the values to levels of what was written. */
function setGroups(
  values: Float32Array,
  first: number,
  farthest: number,
  target: Uint8Array,
  at: number,
): void {
  const perScale = fround(-128 / farthest);
  const d = setHalf(target, at + 208, fround(1 / perScale));
  for (let g = 0; g < groups; g++) {
    const scale = Math.min(127, nearestInteger(fround(perScale * (scales[g] ?? 0))));
    target[at + 192 + g] = scale;
    // Where the scale is rounded to 0, the levels stay those of the search.
    const step = fround(d * scale);
    if (step === 0) continue;
    for (let i = g * scaleGroup; i < (g + 1) * scaleGroup; i++) {
      levels[i] = nearestLevel(fround((values[first + i] ?? 0) / step), -32, 31) + 32;
    }
  }
}

/** 128 bytes of low nibbles and 64 of high pairs, by halves of 128 values: four runs of 32 share the bytes of a half. */
function setSixBits(target: Uint8Array, at: number): void {
  for (let half = 0; half < 2; half++) {
    const low = at + half * 64;
    const high = at + 128 + half * 32;
    for (let j = 0; j < 32; j++) {
      const from = half * 128 + j;
      const a = levels[from] ?? 0;
      const b = levels[from + 32] ?? 0;
      const c = levels[from + 64] ?? 0;
      const d = levels[from + 96] ?? 0;
      target[low + j] = (a & 15) | ((c & 15) << 4);
      target[low + 32 + j] = (b & 15) | ((d & 15) << 4);
      target[high + j] = (a >>> 4) | ((b >>> 4) << 2) | ((c >>> 4) << 4) | ((d >>> 4) << 6);
    }
  }
}
