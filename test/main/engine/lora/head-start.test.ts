/** A head that no file holds begins as transformers begins it. */
import { expect, test } from 'vitest';
import { freshHead } from '../../../../src/main/engine/lora/head-start.ts';

const parts = [
  { path: 'classifier.weight', shape: [40, 250] },
  { path: 'classifier.bias', shape: [40] },
];

test('matrices are normal with the deviation of the config, biases 0', () => {
  const fresh = freshHead(parts, 0.02, 1);
  const weight = fresh.get('classifier.weight') ?? new Float32Array();
  const n = weight.length;
  expect(n).toBe(40 * 250);
  const mean = weight.reduce((sum, x) => sum + x, 0) / n;
  const deviation = Math.sqrt(weight.reduce((sum, x) => sum + x * x, 0) / n);
  // Of n normal numbers the mean has a deviation of 1/√n, and the root of the mean square one of 1/√2n; within five of them.
  expect(Math.abs(mean) / 0.02).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(deviation / 0.02 - 1)).toBeLessThan(5 / Math.sqrt(2 * n));
  expect(fresh.get('classifier.bias')).toEqual(new Float32Array(40));
});

test('the seed decides', () => {
  expect(freshHead(parts, 0.02, 1)).toEqual(freshHead(parts, 0.02, 1));
  expect(freshHead(parts, 0.02, 2)).not.toEqual(freshHead(parts, 0.02, 1));
});
