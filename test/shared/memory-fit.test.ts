import { expect, test } from 'vitest';
import { memoryFit } from '../../src/shared/memory-fit.ts';

test.each([
  [2000, 'fits'],
  // 1000 may become 1150.
  [1160, 'fits'],
  [1140, 'close'],
  [999, 'over'],
])('1000 bytes of %d free: %s', (free, fit) => {
  expect(memoryFit(1000, free)).toBe(fit);
});
