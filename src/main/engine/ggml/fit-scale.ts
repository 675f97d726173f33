/**
 * The search for the scale of a group of 16 values, x ≈ scale·level with levels −32 … 31, written from make_qx_quants of
 * ggml-quants.c: grids of several widths are tried, and for the levels of each the scale is that of least squares with weights
 * x². What is decided upon is rounded to float32 operation by operation, in the original's order. As JavaScript is slow at
 * that, a try that is clearly worse than another is left out before.
 */
import { beginGroup, grid, moveGrid, setOrigin, type Levels } from './level-grid.ts';

const { abs, fround } = Math;

export const scaleGroup = 16;

/** Below this a number counts as 0. */
export const almostZero = fround(1e-15);

/** The lowest level is −half, the highest half − 1. */
const half = 32;
const tenth = fround(0.1);

/** Widths of the grids that are tried, in steps: the plain one first. */
const steps = Float64Array.from(
  [0, -9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  (change) => fround(half + fround(tenth * change)),
);

const range: Levels = { size: scaleGroup, bottom: -half, top: half - 1 };

const { x, weight, levels: tried, sums } = grid;

/** The best scale for the group at `at`; its levels + 32 go to `levels[levelsAt …]`. */
export function fitScale(
  values: Float32Array,
  at: number,
  levels: Uint8Array,
  levelsAt: number,
): number {
  const farthest = setGroup(values, at);
  if (abs(farthest) < almostZero) {
    levels.fill(0, levelsAt, levelsAt + scaleGroup);
    return 0;
  }
  // In this range no product below is beyond the normal float32 numbers.
  const ordinary = abs(farthest) > 1e-6 && abs(farthest) < 1e5;
  let scale = 0;
  let best = 0;
  for (let t = 0; t < steps.length; t++) {
    const moved = moveGrid(fround(-(steps[t] ?? 0) / farthest), range);
    if (t > 0 && (!moved || (ordinary && isWorse(best)))) continue;
    let sumXL = 0;
    let sumLL = 0;
    for (let i = 0; i < scaleGroup; i++) {
      const level = tried[i] ?? 0;
      const w = weight[i] ?? 0;
      sumXL = fround(sumXL + fround(fround(w * (x[i] ?? 0)) * level));
      sumLL = fround(sumLL + fround(fround(w * level) * level));
    }
    if (t === 0 || (sumLL > 0 && fround(sumXL * sumXL) > fround(best * sumLL))) {
      for (let i = 0; i < scaleGroup; i++) levels[levelsAt + i] = (tried[i] ?? 0) + half;
      scale = sumLL === 0 ? 0 : fround(sumXL / sumLL);
      best = fround(scale * sumXL);
    }
  }
  return scale;
}

/** Values and their weights. Returns the first value of the largest magnitude. */
function setGroup(values: Float32Array, at: number): number {
  let farthest = 0;
  for (let i = 0; i < scaleGroup; i++) {
    const value = values[at + i] ?? 0;
    x[i] = value;
    weight[i] = fround(value * value);
    if (abs(value) > abs(farthest)) farthest = value;
  }
  beginGroup();
  setOrigin(0, scaleGroup);
  return farthest;
}

/**
 * Whether (Σwxl)² / Σwll, by which a try is better, stays below `best` in whatever way the sums are rounded: the terms of
 * each have one sign, so both are within γ of 18 operations, and the comparison within γ of 56 (3.4e-6) of these sums' own.
 */
function isWorse(best: number): boolean {
  return sums.wxl * sums.wxl < best * sums.wll * (1 - 1e-5);
}
