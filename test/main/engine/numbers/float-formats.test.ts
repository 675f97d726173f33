/** 16-bit floats: every bit pattern there and back, and every kind of rounding between two of them. */
import { describe, expect, test } from 'vitest';
import {
  allFinite,
  allFiniteIn,
  bfloat16ToFloat32,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from '../../../../src/main/engine/numbers/float-formats.ts';

type Format = {
  name: 'float16' | 'bfloat16';
  widen: (source: Uint16Array, target: Float32Array) => void;
  narrow: (source: Float32Array, target: Uint16Array) => number;
  infinity: number;
  largest: number;
};

const formats: Format[] = [
  {
    name: 'float16',
    widen: float16ToFloat32,
    narrow: float32ToFloat16,
    infinity: 0x7c00,
    largest: 65504,
  },
  {
    name: 'bfloat16',
    widen: bfloat16ToFloat32,
    narrow: float32ToBfloat16,
    infinity: 0x7f80,
    largest: 2 ** 127 * (2 - 2 ** -7),
  },
];

describe.each(formats)('$name', ({ name, widen, narrow, infinity, largest }) => {
  const value = (bits: number): number => {
    const target = new Float32Array(1);
    widen(Uint16Array.of(bits), target);
    return target[0] ?? NaN;
  };

  test('the largest finite number and the smallest have their values', () => {
    expect(value(infinity - 1)).toBe(largest);
    expect(value(1)).toBe(infinity === 0x7c00 ? 2 ** -24 : 2 ** -133);
    expect(value(infinity)).toBe(Infinity);
    expect(value(0x8000 | infinity)).toBe(-Infinity);
    expect(value(infinity | 1)).toBeNaN();
  });

  test.each([1, 2, 5])('one of %d that is not finite is found at every place', (count) => {
    const numbers = Uint16Array.from({ length: count }, (_, i) => ((i % 2) << 15) | (infinity - 1));
    const bytes = new Uint8Array(numbers.buffer);
    expect(allFiniteIn(bytes, name)).toBe(true);
    for (const bits of [infinity, infinity | 1, 0x8000 | infinity])
      for (let at = 0; at < count; at++) {
        const changed = numbers.with(at, bits);
        expect(allFiniteIn(new Uint8Array(changed.buffer), name)).toBe(false);
      }
  });

  test('every bit pattern comes back', () => {
    const bits = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
    const values = new Float32Array(bits.length);
    const back = new Uint16Array(bits.length);
    widen(bits, values);
    expect(narrow(values, back)).toBe(0);
    const different = bits.filter((each) => {
      const isNan = (each & 0x7fff) > infinity;
      return isNan ? ((back[each] ?? 0) & 0x7fff) <= infinity : back[each] !== each;
    });
    expect([...different]).toEqual([]);
  });

  test('between two neighbours the nearest is taken, and of two equally near the even one', () => {
    const wrong: string[] = [];
    for (let low = 0; low + 1 < infinity; low++) {
      const middle = (value(low) + value(low + 1)) / 2;
      const even = low % 2 === 0 ? low : low + 1;
      const step = (value(low + 1) - value(low)) / 8;
      const cases = Float32Array.of(middle, middle - step, middle + step, -middle);
      const found = new Uint16Array(4);
      narrow(cases, found);
      const expected = [even, low, low + 1, 0x8000 | even];
      if (found.join() !== expected.join()) wrong.push(`${low}: ${found.join()}`);
    }
    expect(wrong).toEqual([]);
  });

  test('finite numbers that become infinite are counted, infinite ones are not', () => {
    const half = (largest - value(infinity - 2)) / 2;
    const found = new Uint16Array(5);
    const source = Float32Array.of(largest, largest + half, -(largest + half), Infinity, -Infinity);
    expect(narrow(source, found)).toBe(2);
    expect([...found]).toEqual([
      infinity - 1,
      infinity,
      0x8000 | infinity,
      infinity,
      0x8000 | infinity,
    ]);
  });
});

test('one infinite number or NaN is found wherever it stands', () => {
  const largest = 2 ** 127 * (2 - 2 ** -23);
  // Longer than what is looked at in one go, and no whole number of it.
  const numbers = new Float32Array(10_001).fill(-largest);
  expect(allFinite(numbers)).toBe(true);
  expect(allFinite(new Float32Array())).toBe(true);
  for (const wrong of [Infinity, -Infinity, NaN])
    for (const at of [0, 1, 4095, 4096, 4097, 8191, 8192, 9999, 10_000]) {
      numbers[at] = wrong;
      expect(allFinite(numbers)).toBe(false);
      numbers[at] = 0;
    }
});
