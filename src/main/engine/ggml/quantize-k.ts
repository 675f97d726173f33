/** Q4_K and Q5_K, written from the algorithms of quantize_row_q4_K_ref and quantize_row_q5_K_ref in ggml-quants.c. */
import { setHalf } from '../numbers/float-formats.ts';
import { fitLine, groupSize, type LineSearch } from './fit-line.ts';
import { nearestInteger, nearestLevel } from './nearest.ts';

const { fround } = Math;

const groups = 8;
const size = groups * groupSize;

const q4Search: LineSearch = {
  levels: { size: groupSize, bottom: 0, top: 15 },
  first: -1,
  tries: 21,
};
const q5Search: LineSearch = {
  levels: { size: groupSize, bottom: 0, top: 31 },
  first: -0.5,
  tries: 16,
};

// What is known of the block at hand: each group's scale and minimum (value = scale·level − minimum), each value's level.
const scales = new Float32Array(groups);
const minima = new Float32Array(groups);
const levels = new Uint8Array(size);

/** Layout: `dequantizeQ4K`. */
export function quantizeQ4K(values: Float32Array, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let first = 0; first < values.length; first += size, at += 144) {
    setGroups(values, first, q4Search, target, at);
    setNibbles(target, at + 16);
  }
}

/** Layout: `dequantizeQ5K`. */
export function quantizeQ5K(values: Float32Array, target: Uint8Array, offset: number): void {
  let at = offset;
  for (let first = 0; first < values.length; first += size, at += 176) {
    setGroups(values, first, q5Search, target, at);
    for (let j = 0; j < groupSize; j++) {
      let high = 0;
      for (let g = 0; g < groups; g++) high |= ((levels[g * groupSize + j] ?? 0) >>> 4) << g;
      target[at + 16 + j] = high;
    }
    setNibbles(target, at + 48);
  }
}

/** Finds scale and minimum of each group, writes them (16 bytes), and rounds the values to levels of what was written. */
function setGroups(
  values: Float32Array,
  first: number,
  search: LineSearch,
  target: Uint8Array,
  at: number,
): void {
  let maxScale = 0;
  let maxMinimum = 0;
  for (let g = 0; g < groups; g++) {
    const line = fitLine(values, first + g * groupSize, search, levels, g * groupSize);
    scales[g] = line.scale;
    minima[g] = line.minimum;
    maxScale = Math.max(maxScale, line.scale);
    maxMinimum = Math.max(maxMinimum, line.minimum);
  }
  const d = setHalf(target, at, fround(maxScale / 63));
  const dmin = setHalf(target, at + 2, fround(maxMinimum / 63));
  const perScale = maxScale > 0 ? fround(63 / maxScale) : 0;
  const perMinimum = maxMinimum > 0 ? fround(63 / maxMinimum) : 0;
  for (let g = 0; g < groups; g++) {
    const scale = sixBits((scales[g] ?? 0) * perScale);
    const minimum = sixBits((minima[g] ?? 0) * perMinimum);
    setSixBits(target, at + 4, g, scale, minimum);
    // Where the scale is rounded to 0, the levels stay those of the search.
    const step = fround(d * scale);
    if (step !== 0) setLevels(values, first, g, step, fround(dmin * minimum), search.levels.top);
  }
}

/** Levels of group g: those of value = step·level − minimum. */
function setLevels(
  values: Float32Array,
  first: number,
  g: number,
  step: number,
  minimum: number,
  top: number,
): void {
  const end = (g + 1) * groupSize;
  for (let i = g * groupSize; i < end; i++) {
    const raised = fround((values[first + i] ?? 0) + minimum);
    levels[i] = nearestLevel(fround(raised / step), 0, top);
  }
}

/** A share of 63 as it is stored; one that is negative wraps around in a byte before it is limited. */
function sixBits(share: number): number {
  return Math.min(63, nearestInteger(fround(share)) & 255);
}

/** Packs scale and minimum of group g into the 12 bytes at `at`, whose earlier groups are written. */
function setSixBits(
  target: Uint8Array,
  at: number,
  g: number,
  scale: number,
  minimum: number,
): void {
  if (g < 4) {
    target[at + g] = scale;
    target[at + g + 4] = minimum;
  } else {
    target[at + g + 4] = (scale & 15) | ((minimum & 15) << 4);
    target[at + g - 4] = (target[at + g - 4] ?? 0) | ((scale >>> 4) << 6);
    target[at + g] = (target[at + g] ?? 0) | ((minimum >>> 4) << 6);
  }
}

/** The low four bits of all levels: groups 2i and 2i+1 share 32 bytes. */
function setNibbles(target: Uint8Array, at: number): void {
  for (let pair = 0; pair < groups / 2; pair++) {
    for (let j = 0; j < groupSize; j++) {
      const low = levels[2 * pair * groupSize + j] ?? 0;
      const high = levels[(2 * pair + 1) * groupSize + j] ?? 0;
      target[at + pair * groupSize + j] = (low & 15) | ((high & 15) << 4);
    }
  }
}
