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
    const uniform = draw(20_000, random.uniform);
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(mean(uniform)).toBeCloseTo(0.5, 1.9);
    expect(mean(uniform.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
    const normal = draw(20_000, random.normal);
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(mean(normal.map((value) => value ** 2))).toBeCloseTo(1, 1);
    expect(mean(normal.map((value) => value ** 4))).toBeGreaterThan(2.7);
    expect(mean(normal.map((value) => value ** 4))).toBeLessThan(3.3);
  });

  it('below a limit reach every number about equally often', () => {
    const random = createRandom(5);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (const value of draw(14_000, () => random.below(7))) {
      counts[value] = (counts[value] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(1850);
    expect(Math.max(...counts)).toBeLessThan(2150);
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
