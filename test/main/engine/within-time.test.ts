/** Work that never ends is cut off, and other work is not, however long it waits. */
import { expect, test } from 'vitest';
import { sharedBound, withinTime } from '../../../src/main/engine/within-time.ts';

const tooLong = () => new Error('too long');

test('gives what the work gives, and throws what it throws', () => {
  expect(withinTime(() => 3, 1000, tooLong)).toBe(3);
  expect(() =>
    withinTime(
      () => {
        throw new RangeError('its own');
      },
      1000,
      tooLong,
    ),
  ).toThrow(RangeError);
});

test('cuts off a loop, and a pattern that tries every way', () => {
  expect(() =>
    withinTime(
      () => {
        for (;;);
      },
      50,
      tooLong,
    ),
  ).toThrow('too long');
  expect(() => withinTime(() => /^(a+)+$/.test(`${'a'.repeat(64)}b`), 50, tooLong)).toThrow(
    'too long',
  );
});

test('a bound inside of another one', () => {
  const inner = () =>
    withinTime(
      () => {
        for (;;);
      },
      20,
      () => new Error('inner'),
    );
  expect(() => withinTime(inner, 60_000, tooLong)).toThrow('inner');
});

// Waiting takes none of the processor's time.
test.skipIf(typeof process.threadCpuUsage !== 'function')('work that only waits is let be', () => {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  expect(withinTime(() => Atomics.wait(cell, 0, 0, 100), 40, tooLong)).toBe('timed-out');
});

test('a shared bound is used up by all of the work', () => {
  const bound = sharedBound(100, tooLong);
  const busy = () => {
    const until = performance.now() + 30;
    while (performance.now() < until);
  };
  expect(() => {
    for (let i = 0; i < 1000; i++) bound(busy);
  }).toThrow('too long');
});
