/** When a process that is gone had come close to a limit of memory. */
import { expect, test } from 'vitest';
import { nearLimit } from '../../src/main/near-limit.ts';

const own = 0.5e9;
const group = (free: number) => ({ what: 'the control group /a', free, ends: true });
const addresses = (free: number) => ({ what: 'the limit of address space', free, ends: false });

test('a limit that ends processes is near where the peak had come to it', () => {
  expect(nearLimit(3.9e9, [group(3.5e9)], own)).toBe('the control group /a');
  expect(nearLimit(3e9, [group(3.5e9)], own)).toBeNull();
  // Nothing was measured: what every process takes.
  expect(nearLimit(null, [group(3.5e9)], own)).toBeNull();
});

test('one that refuses is near already where half of what it leaves was taken', () => {
  expect(nearLimit(1.2e9, [addresses(4e9)], own)).toBe('the limit of address space');
  expect(nearLimit(0.9e9, [addresses(4e9)], own)).toBeNull();
  expect(nearLimit(null, [addresses(3e9)], own)).toBe('the limit of address space');
  expect(nearLimit(null, [addresses(4e9)], own)).toBeNull();
});

test('the first of several that was near is told; none without limits', () => {
  expect(nearLimit(5e9, [group(90e9), addresses(6e9)], own)).toBe('the limit of address space');
  expect(nearLimit(5e9, [], own)).toBeNull();
});
