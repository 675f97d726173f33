/** The generator against its authors' vector, and the shape of its distributions. */
import { describe, expect, it } from 'vitest';
import { createRandom, fromState, permutation } from '../../../src/main/engine/random.ts';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

describe('random numbers', () => {
  it('are those of xoshiro128starstar.c 1.1 from the state 1, 2, 3, 4', () => {
    const random = fromState([1, 2, 3, 4]);
    expect(draw(10, random.uint32)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  it('are the same for the same seeds and others for others', () => {
    const first = (...seeds: number[]): string => draw(4, createRandom(...seeds).uint32).join();
    expect(first(7, 1)).toBe(first(7, 1));
    const streams = [[0], [1], [0, 0], [0, 1], [1, 0], [2 ** 32], [2 ** 33], [7, 1], [7, 2]];
    expect(new Set(streams.map((seeds) => first(...seeds))).size).toBe(streams.length);
  });

  it('are uniform in [0, 1) and normal with mean 0 and variance 1', () => {
    const random = createRandom(3);
    const count = 20_000;
    const uniform = draw(count, random.uniform);
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
    // Moments are within five standard errors √(variance / n) of theirs: one seed in a million is not.
    const near = (found: number, expected: number, variance: number) => {
      expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(variance / count));
    };
    near(mean(uniform), 1 / 2, 1 / 12);
    near(mean(uniform.map((value) => (value - 0.5) ** 2)), 1 / 12, 1 / 80 - 1 / 144);
    const normal = draw(count, random.normal);
    // The moments of a normal variable: x², x⁴, x⁸ have the means 1, 3, 105.
    near(mean(normal), 0, 1);
    near(mean(normal.map((value) => value ** 2)), 1, 3 - 1);
    near(mean(normal.map((value) => value ** 4)), 3, 105 - 9);
  });

  it('below a limit reach every number about equally often', () => {
    const random = createRandom(5);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (const value of draw(14_000, () => random.below(7))) {
      counts[value] = (counts[value] ?? 0) + 1;
    }
    // Five standard deviations √(n·p·(1 − p)) of a binomial count.
    const most = 5 * Math.sqrt(14_000 * (1 / 7) * (6 / 7));
    for (const found of counts) expect(Math.abs(found - 2000)).toBeLessThan(most);
  });

  it('put every number at every place of a permutation', () => {
    const random = createRandom(9);
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const order = permutation(3, random);
      expect([...order].sort()).toEqual([0, 1, 2]);
      seen.add(order.join());
    }
    expect(seen.size).toBe(6);
    expect(permutation(0, random)).toEqual([]);
  });
});
