/** The 256 numbers that bitsandbytes' scales of 8 bits stand for (Dettmers 2015, arXiv:1511.04561; `create_dynamic_map`). */
import { midpointsOf } from './four-bit-tables.ts';

/**
 * Seven decades, each divided into twice as many parts as the one below; the numbers are the middles of the parts, with both
 * signs, and 0 and 1. Float32, in order.
 */
export const dynamicMap: Float32Array = (() => {
  const positive = Array.from({ length: 7 }, (_, decade) => {
    const bounds = evenly(2 ** decade + 1);
    const tenth = Math.fround(10 ** (decade - 6));
    return Array.from(bounds.subarray(1), (bound, i) => {
      const middle = Math.fround(Math.fround(bound + (bounds[i] ?? 0)) / 2);
      return tenth * middle;
    });
  }).flat();
  return Float32Array.from([...positive, ...positive.map((number) => -number), 0, 1]).sort();
})();

/** 0.1 to 1 as `torch.linspace` has them in float32: from the nearer end, each sum rounded once. */
function evenly(count: number): Float32Array {
  const first = Math.fround(0.1);
  const step = Math.fround(Math.fround(1 - first) / (count - 1));
  return Float32Array.from({ length: count }, (_, i) =>
    i < Math.floor(count / 2) ? first + step * i : 1 - step * (count - 1 - i),
  );
}

const mostPlace = 65_535;

/**
 * The place in the map that bitsandbytes' processor kernel gives to each of 65,536 values from −1 to 1: that of the nearest number.
 * Numbers nearer to each other than such values are, around 0, are not all reached.
 */
const places: Uint8Array = (() => {
  const midpoints = midpointsOf(dynamicMap);
  let place = 0;
  return Uint8Array.from({ length: mostPlace + 1 }, (_, i) => {
    const value = Math.fround((2 * i) / mostPlace - 1);
    while (value > (midpoints[place] ?? Number.POSITIVE_INFINITY)) place++;
    return place;
  });
})();

/** @param value −1 to 1 */
export function dynamicPlace(value: number): number {
  const clamped = Math.min(1, Math.max(-1, value));
  const along = Math.fround(Math.fround(clamped + 1) * (mostPlace / 2));
  return places[Math.trunc(Math.fround(along + 0.5))] ?? 0;
}
