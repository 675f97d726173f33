/** The seeded split into training and validation. */
import { describe, expect, it } from 'vitest';
import { splitExamples } from '../../../../src/main/engine/dataset/split.ts';

const items = Array.from({ length: 50 }, (_, index) => index);

describe('the split', () => {
  it('holds back the given share, and every item is in one part', () => {
    const { train, validation } = splitExamples(items, 0.1, 4, 'f');
    expect(validation).toHaveLength(5);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(items);
    expect(train).toEqual([...train].sort((a, b) => a - b));
  });

  it('follows the seed', () => {
    const held = (seed: number): string => splitExamples(items, 0.2, seed, 'f').validation.join();
    expect(held(1)).toBe(held(1));
    expect(new Set([1, 2, 3].map(held)).size).toBe(3);
  });

  it('leaves at least one item in each part', () => {
    expect(splitExamples([1, 2], 0.01, 0, 'f').validation).toHaveLength(1);
    expect(splitExamples([1, 2], 0.99, 0, 'f').train).toHaveLength(1);
    expect(() => splitExamples([1], 0.5, 0, 'f')).toThrow(/too few/);
  });
});
