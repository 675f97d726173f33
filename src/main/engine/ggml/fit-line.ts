/**
 * The search for scale and minimum of a group of 32 values, x ≈ scale·level − minimum, written from make_qkx2_quants of
 * ggml-quants.c. Grids of several widths are tried; for the levels that each gives, scale and minimum are those of weighted
 * least squares. What is decided upon is rounded to float32 operation by operation, in the original's order: another order
 * gives other bytes. JavaScript is slow at that, so a try whose exact error already is too large is left out before.
 */
import { beginGroup, grid, moveGrid, setOrigin, type Levels } from './level-grid.ts';

const { abs, fround, sqrt } = Math;

export const groupSize = 32;

export type LineSearch = {
  /** Levels are 0 … top, at most 31. */
  levels: Levels;
  /** Try t divides the range into top + first + t/10 steps. */
  first: number;
  tries: number;
};

export type Line = {
  scale: number;
  /** Taken away from scale·level; never negative. */
  minimum: number;
};

const { x, weight, levels: tried } = grid;
const found: Line = { scale: 0, minimum: 0 };

/** Sums over the group in float64. */
const sums = { w: 0, wx: 0, wxx: 0 };

const tenth = fround(0.1);

/** The best line for the group at `at`, valid until the next call; its levels go to `levels[levelsAt …]`. */
export function fitLine(
  values: Float32Array,
  at: number,
  search: LineSearch,
  levels: Uint8Array,
  levelsAt: number,
): Line {
  const { top } = search.levels;
  const farthest = setGroup(values, at);
  let least = x[0] ?? 0;
  let most = least;
  let sumW = 0;
  let sumX = 0;
  for (let i = 0; i < groupSize; i++) {
    const value = x[i] ?? 0;
    const w = weight[i] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
    sumW = fround(sumW + w);
    sumX = fround(sumX + fround(w * value));
  }
  if (least > 0) least = 0;
  if (most === least) {
    levels.fill(0, levelsAt, levelsAt + groupSize);
    return line(0, least);
  }
  setOrigin(least, groupSize);
  const perUnit = fround(top / fround(most - least));
  let scale = fround(1 / perUnit);
  moveGrid(perUnit, search.levels);
  keepTried(levels, levelsAt);
  let error = triedError(scale, least);
  let hopeless = hopelessError(error, farthest);
  for (let t = 0; t < search.tries; t++) {
    const steps = fround(fround(search.first + fround(tenth * t)) + top);
    const moved = moveGrid(fround(steps / fround(most - least)), search.levels);
    if ((!moved && t > 0) || leastError() > hopeless) continue;
    let sumL = 0;
    let sumLL = 0;
    let sumXL = 0;
    for (let i = 0; i < groupSize; i++) {
      const level = tried[i] ?? 0;
      const weighted = fround((weight[i] ?? 0) * level);
      sumL = fround(sumL + weighted);
      sumLL = fround(sumLL + fround(weighted * level));
      sumXL = fround(sumXL + fround(weighted * (x[i] ?? 0)));
    }
    const determinant = fround(fround(sumW * sumLL) - fround(sumL * sumL));
    if (!(determinant > 0)) continue;
    let nextScale = fround(fround(fround(sumW * sumXL) - fround(sumX * sumL)) / determinant);
    let nextLeast = fround(fround(fround(sumLL * sumX) - fround(sumL * sumXL)) / determinant);
    if (nextLeast > 0) {
      nextLeast = 0;
      nextScale = fround(sumXL / sumLL);
    }
    const nextError = triedError(nextScale, nextLeast);
    if (nextError < error) {
      keepTried(levels, levelsAt);
      error = nextError;
      hopeless = hopelessError(error, farthest);
      scale = nextScale;
      least = nextLeast;
      setOrigin(least, groupSize);
    }
  }
  return line(scale, least);
}

function line(scale: number, least: number): Line {
  found.scale = scale;
  found.minimum = -least;
  return found;
}

/** Values, their weights (root mean square of the group + |x|) and sums. Returns the largest magnitude. */
function setGroup(values: Float32Array, at: number): number {
  let squares = 0;
  let farthest = 0;
  for (let i = 0; i < groupSize; i++) {
    const value = values[at + i] ?? 0;
    x[i] = value;
    squares = fround(squares + fround(value * value));
    if (abs(value) > farthest) farthest = abs(value);
  }
  const rootMeanSquare = fround(sqrt(fround(squares / groupSize)));
  let sumW = 0;
  let sumWX = 0;
  let sumWXX = 0;
  for (let i = 0; i < groupSize; i++) {
    const value = x[i] ?? 0;
    const w = fround(rootMeanSquare + abs(value));
    weight[i] = w;
    sumW += w;
    sumWX += w * value;
    sumWXX += w * value * value;
  }
  sums.w = sumW;
  sums.wx = sumWX;
  sums.wxx = sumWXX;
  beginGroup();
  return farthest;
}

function keepTried(levels: Uint8Array, levelsAt: number): void {
  for (let i = 0; i < groupSize; i++) levels[levelsAt + i] = tried[i] ?? 0;
}

/** Σ w·(scale·level + least − x)² */
function triedError(scale: number, least: number): number {
  let error = 0;
  for (let i = 0; i < groupSize; i++) {
    const off = fround(fround(fround(scale * (tried[i] ?? 0)) + least) - (x[i] ?? 0));
    error = fround(error + fround((weight[i] ?? 0) * fround(off * off)));
  }
  return error;
}

/** The least weighted error that any line has with these levels; 0 where the levels are too much alike to tell. */
function leastError(): number {
  const { w, wx, wxx } = sums;
  const { wl, wll, wxl } = grid.sums;
  const determinant = w * wll - wl * wl;
  if (!(determinant > 1e-3 * w * wll)) return 0;
  const covariance = w * wxl - wx * wl;
  return wxx - (wx * wx + (covariance * covariance) / determinant) / w;
}

/**
 * A try whose least error E is above this cannot come out below `error` in float32. If it did, each of its differences
 * `off` would be below 0.6·R, R the largest |x|: `error` is at most that of the plain grid, Σw·(R/14)², and each weight is at
 * least Σw/64. So |scale·level| would be below 103·R, rounding would move no `off` by more than 105·2^-24·R < 1e-5·R, and by
 * the triangle inequality √error would be at least √E − 1e-5·R·√Σw, but for the sum's own rounding (γ of 34 operations).
 * E is known to 1e-9·Σwx². Where products could fall below the normal numbers, nothing is hopeless.
 */
function hopelessError(error: number, farthest: number): number {
  if (farthest < 1e-8) return Infinity;
  return (sqrt(error) * (1 + 1e-5) + 1e-5 * farthest * sqrt(sums.w)) ** 2 + 1e-9 * sums.wxx;
}
