/** Chooses which sequences share a block: a bin-packing heuristic on lengths alone. */
import { createRandom, permutation } from '../random.ts';

/** How many of the remaining sequences, drawn at random, may fill up a block that is begun. */
const poolSize = 128;

/**
 * Groups of indices into `lengths`, each at most `capacity` long in sum: the better of two ways. The first mixes what a
 * block holds and fills blocks of few, similar lengths best; the second copes with lengths of every size.
 * @param lengths each between 1 and `capacity`
 */
export function fillGroups(lengths: readonly number[], capacity: number): number[][] {
  const mixed = fillFromPool(lengths, capacity);
  const sorted = bestFitDecreasing(lengths, capacity);
  return mixed.length <= sorted.length * 1.01 ? mixed : sorted;
}

/**
 * Each group takes the next sequence of a random order, and then those of the next `poolSize` that come closest to
 * filling it up, found by dynamic programming (minimum bin slack, J. N. D. Gupta and J. C. Ho, 1999).
 */
function fillFromPool(lengths: readonly number[], capacity: number): number[][] {
  const order = permutation(lengths.length, createRandom(lengths.length, capacity));
  const lengthOf = (index: number): number => lengths[index] ?? 0;
  const placed = new Uint8Array(lengths.length);
  const groups: number[][] = [];
  let remaining = order;
  for (const first of order) {
    if (placed[first] === 1) continue;
    placed[first] = 1;
    const pool: number[] = [];
    let read = 0;
    while (pool.length < poolSize && read < remaining.length) {
      const index = remaining[read++];
      if (index !== undefined && placed[index] === 0) pool.push(index);
    }
    const chosen = closestSubset(pool, lengthOf, capacity - lengthOf(first));
    for (const index of chosen) placed[index] = 1;
    groups.push([first, ...chosen]);
    // Dropping what is placed now and then keeps the reading above short.
    if (read > 2 * poolSize) remaining = remaining.filter((index) => placed[index] === 0);
  }
  return groups;
}

/** Some of the pool whose lengths sum to as much as possible of `room`. */
function closestSubset(
  pool: readonly number[],
  lengthOf: (index: number) => number,
  room: number,
): number[] {
  /** By sum: 1 + the place in the pool of the item that first reached it; 0 = not reached. */
  const reachedBy = new Uint16Array(room + 1);
  let best = 0;
  for (let place = 0; place < pool.length && best < room; place++) {
    const length = lengthOf(pool[place] ?? 0);
    for (let sum = Math.min(room, best + length); sum >= length; sum--) {
      const before = sum - length;
      if (reachedBy[sum] === 0 && (before === 0 || (reachedBy[before] ?? 0) > 0)) {
        reachedBy[sum] = place + 1;
        best = Math.max(best, sum);
      }
    }
  }
  // An item that first reached a sum did so from a sum that earlier items reached, so none is met twice.
  const chosen: number[] = [];
  for (let sum = best; sum > 0;) {
    const index = pool[(reachedBy[sum] ?? 0) - 1];
    if (index === undefined) break;
    chosen.push(index);
    sum -= lengthOf(index);
  }
  return chosen;
}

/** Each sequence, longest first, goes into the fullest group that has room (D. S. Johnson, 1973). */
function bestFitDecreasing(lengths: readonly number[], capacity: number): number[][] {
  const order = [...lengths.keys()].sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  /** Open groups by the room that is left in them. */
  const open: number[][][] = Array.from({ length: capacity + 1 }, () => []);
  const groups: number[][] = [];
  for (const index of order) {
    const length = lengths[index] ?? 0;
    let room = length;
    while (room <= capacity && open[room]?.length === 0) room++;
    let group = open[room]?.pop();
    if (group === undefined) {
      group = [];
      groups.push(group);
      room = capacity;
    }
    group.push(index);
    open[room - length]?.push(group);
  }
  return groups;
}
