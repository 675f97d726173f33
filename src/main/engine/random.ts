/** Seeded random numbers: xoshiro128** 1.1 (D. Blackman and S. Vigna, prng.di.unimi.it, public domain). */

export type Random = {
  /** An integer in [0, 2^32). */
  uint32: () => number;
  /** A number in [0, 1) with 53 random bits. */
  uniform: () => number;
  /** A number of the standard normal distribution. */
  normal: () => number;
  /** An integer in [0, limit), every one equally likely. */
  below: (limit: number) => number;
};

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** The generator in a state of four 32-bit words that are not all zero. */
export function fromState(state: readonly [number, number, number, number]): Random {
  let [s0, s1, s2, s3] = state;
  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotateLeft(s3, 11);
    return result;
  };
  const uniform = (): number => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  // G. E. P. Box and M. E. Muller (1958); 1 - u keeps the logarithm's argument above 0.
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const below = (limit: number): number => {
    // Numbers past the last whole multiple of `limit` would favour the small results.
    const end = 2 ** 32 - (2 ** 32 % limit);
    let x = uint32();
    while (x >= end) x = uint32();
    return x % limit;
  };
  return { uint32, uniform, normal, below };
}

/**
 * A generator of its own for each list of numbers, such as (seed, epoch): streams of one seed do not overlap in practice.
 * Each number is taken modulo 2^53 and stirred in with MurmurHash3's 32-bit finaliser (A. Appleby, public domain).
 */
export function createRandom(...seeds: readonly number[]): Random {
  let hash = 0x9e3779b9;
  const stir = (value: number): number => {
    hash = Math.imul(hash ^ value, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) + 0x9e3779b9;
    return hash | 0;
  };
  for (const seed of seeds) {
    stir(seed | 0);
    stir(Math.floor(seed / 2 ** 32) | 0);
  }
  return fromState([stir(1), stir(2), stir(3), stir(4) || 1]);
}

/** The numbers 0 … length − 1 in a random order (Fisher–Yates). */
export function permutation(length: number, random: Random): number[] {
  const order = Uint32Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
  return [...order];
}
