/** What is told about ranks and layers that a model does not have. */
import { expect, test } from 'vitest';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';

const next = (most: number) =>
  lorikeetError('lora/bad-rank', { rank: 200, most, module: 'gate' }).problem.next;

test('ranks are advised that the module can have, and a rank of its own', () => {
  expect(next(64)).toBe(
    'Choose a whole number from 1 to 64 (4 to 16 is usual), or give gate a rank of its own in the rank pattern.',
  );
  expect(next(4)).toBe(
    'Choose a whole number from 1 to 4, or give gate a rank of its own in the rank pattern.',
  );
  // The gate of a shared expert has one row.
  expect(next(1)).toBe('Choose rank 1, or give gate a rank of its own in the rank pattern.');
});

test.each([
  [[12], 'layer 12 was chosen'],
  [[12, 13, 14, 20], 'layers 12–14, 20 were chosen'],
])('layers %j, which are not there, are named in ranges', (outside, said) => {
  const { problem } = lorikeetError('lora/layers-out-of-range', { outside, layerCount: 12 });
  expect(problem.what).toBe(`The model has the layers 0 to 11, but ${said}.`);
});
