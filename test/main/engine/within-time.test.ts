/** Work that never ends is cut off, and other work is not, however long it waits. */
import { Script } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { mapWithinTime, sharedBound, withinTime } from '../../../src/main/engine/within-time.ts';

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

test('many quick pieces share timers', () => {
  const timers = vi.spyOn(Script.prototype, 'runInContext');
  const items = Array.from({ length: 2500 }, (_, i) => i);
  const doubled = mapWithinTime(items, (item) => withinTime(() => 2 * item, 1000, tooLong));
  const { length } = timers.mock.calls;
  timers.mockRestore();
  expect(doubled).toEqual(items.map((item) => 2 * item));
  // Three where nothing else is at work.
  expect(length).toBeLessThan(items.length / 5);
});

test('one that is slow among them is cut off at its own bound, and the others give what they give', () => {
  const endless = () => {
    for (;;);
  };
  const work = (item: number) => {
    try {
      return withinTime(() => (item === 2 ? endless() : item), 20, tooLong);
    } catch (error) {
      return error instanceof Error ? error.message : 'something else';
    }
  };
  expect(mapWithinTime([0, 1, 2, 3, 4], work)).toEqual([0, 1, 'too long', 3, 4]);
  // And the next one has its bound again.
  expect(() => withinTime(endless, 20, tooLong)).toThrow('too long');
});

test('what a piece of several throws comes out', () => {
  expect(() =>
    mapWithinTime([1], () => {
      throw new RangeError('its own');
    }),
  ).toThrow(RangeError);
  expect(mapWithinTime([], () => 1)).toEqual([]);
});
