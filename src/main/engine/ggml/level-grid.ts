/** The levels of a group of values on grids that are tried one after another, with sums over them that tell which are worth it. */
import { integerShift, nearestLevel } from './nearest.ts';

const { abs, fround } = Math;

/** Of a group: how many values it has, and between which integers the levels are. */
export type Levels = { size: number; bottom: number; top: number };

const largest = 32;

// Arrays of the module, not of an object: V8 then knows where their numbers lie, which is worth a sixth of the speed.
const x = new Float64Array(largest);
const weight = new Float64Array(largest);
const levels = new Float64Array(largest);
const places = new Float64Array(largest);
const distances = new Float64Array(largest);
/** A value's level stays while |perUnit · place| is below this. */
const ends = new Float64Array(largest);

const sums = { wl: 0, wll: 0, wxl: 0 };
const last = { perUnit: NaN };

/**
 * The group at hand: values x and weights w, which the caller sets, and levels l = nearest(perUnit · place), where a place is
 * x − origin in float32. The sums Σwl, Σwl² and Σwxl are in float64, so they are no part of what ggml computes.
 */
export const grid = { x, weight, levels, sums };

/** Leaves room for the rounding of perUnit · place to float32. */
const nearlyOne = 1 - 2 ** -20;

/** All levels are 0, of new values and weights. */
export function beginGroup(): void {
  levels.fill(0);
  sums.wl = sums.wll = sums.wxl = 0;
}

/** Places count from `origin` on. */
export function setOrigin(origin: number, size: number): void {
  for (let i = 0; i < size; i++) {
    const place = fround((x[i] ?? 0) - origin);
    places[i] = place;
    distances[i] = abs(place);
  }
  last.perUnit = NaN;
}

/**
 * Goes over to the grid with so many levels a unit. Returns whether any level is another one. From one grid to the next,
 * slightly finer one, few are: each value knows up to where its level stays. What comes after that is free of branches, which
 * would be guessed wrong.
 */
export function moveGrid(perUnit: number, { size, bottom, top }: Levels): boolean {
  const reach = abs(perUnit) >= last.perUnit ? abs(perUnit) : Infinity;
  last.perUnit = abs(perUnit);
  let { wl, wll, wxl } = sums;
  let change = 0;
  for (let i = 0; i < size; i++) {
    if (reach * (distances[i] ?? 0) < (ends[i] ?? 0)) continue;
    const scaled = fround(perUnit * (places[i] ?? 0));
    let level = scaled + integerShift - integerShift;
    if (!(level >= bottom && level <= top)) level = nearestLevel(scaled, bottom, top);
    const before = levels[i] ?? 0;
    const weighted = (weight[i] ?? 0) * (level - before);
    levels[i] = level;
    ends[i] = (abs(level) + 0.5) * nearlyOne;
    change += abs(level - before);
    wl += weighted;
    wll += weighted * (level + before);
    wxl += weighted * (x[i] ?? 0);
  }
  sums.wl = wl;
  sums.wll = wll;
  sums.wxl = wxl;
  return change > 0;
}
