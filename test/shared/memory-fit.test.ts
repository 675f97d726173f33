import { expect, test } from 'vitest';
import { cannotFit, memoryFit } from '../../src/shared/memory-fit.ts';

test.each([
  [2000, 'fits'],
  // 1000 may become 1150.
  [1160, 'fits'],
  [1140, 'close'],
  [999, 'over'],
])('1000 bytes of %d free: %s', (free, fit) => {
  expect(memoryFit(1000, free)).toBe(fit);
});

test('only what is too large beyond the error of the estimate cannot work', () => {
  // 1000 may turn out to be 850.
  expect(cannotFit(1000, 860)).toBe(false);
  expect(cannotFit(1000, 840)).toBe(true);
});
