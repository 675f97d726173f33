/** What is told about a rank that a module cannot have. */
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
