/** Which adapters have room in which place of a bank, and what is written there. */
import { expect, test } from 'vitest';
import type { AdapterModule } from '../../../../src/main/engine/checkpoint/adapter.ts';
import {
  fillPlace,
  fitsInto,
  formOf,
  jointForm,
} from '../../../../src/main/engine/lora/bank-place.ts';
import { layOut } from '../../../../src/main/engine/lora/layout.ts';

/** Of 2 inputs and 3 outputs, with numbers that say where they come from. */
function moduleOf(rank: number, magnitude: Float32Array | null = null): AdapterModule {
  const a = Float32Array.from({ length: rank * 2 }, (_, i) => 1 + i);
  const b = Float32Array.from({ length: 3 * rank }, (_, i) => 10 + i);
  return { rank, alpha: 2 * rank, scaling: 2, a, b, magnitude, in: 2, out: 3 };
}

const adapter = (modules: Record<string, AdapterModule>) => {
  return { modules: new Map(Object.entries(modules)) };
};

test('a place takes what has no more modules and ranks than it has', () => {
  const small = formOf(adapter({ q: moduleOf(1) }));
  const large = formOf(adapter({ q: moduleOf(3), v: moduleOf(2) }));
  const joint = jointForm([small, large], 2);
  expect(Object.fromEntries(joint)).toEqual({
    q: { rank: 3, dora: false },
    v: { rank: 2, dora: false },
  });
  expect(fitsInto(small, joint)).toBe(true);
  expect(fitsInto(large, joint)).toBe(true);
  expect(fitsInto(formOf(adapter({ v: moduleOf(3) })), joint)).toBe(false);
  expect(fitsInto(formOf(adapter({ k: moduleOf(1) })), joint)).toBe(false);
});

test('magnitudes have a place of their own, which no other adapter and no lack of one fits', () => {
  const lengths = Float32Array.of(1, 2, 3);
  const dora = formOf(adapter({ q: moduleOf(2, lengths), v: moduleOf(2, lengths) }));
  expect(
    fitsInto(formOf(adapter({ q: moduleOf(1, lengths), v: moduleOf(2, lengths) })), dora),
  ).toBe(true);
  expect(fitsInto(formOf(adapter({ q: moduleOf(1, lengths) })), dora)).toBe(false);
  expect(fitsInto(formOf(adapter({ q: moduleOf(1), v: moduleOf(1) })), dora)).toBe(false);
  expect(fitsInto(dora, jointForm([formOf(adapter({ q: moduleOf(2) }))], 1))).toBe(false);
});

test('what is written has the scaling in B, zeros for lacking ranks, and nothing of who was there', () => {
  const module = {
    name: 'q',
    path: 'q',
    group: 'q',
    in: 2,
    out: 3,
    bias: false,
    transposed: false,
  };
  const target = { layer: 0, module, path: 'q', rank: 2, alpha: 2, scaling: 1, dora: false };
  const { adapters, size } = layOut([[{ ...target, frozenRank: 0 }]]);
  const [place] = adapters;
  if (!place) throw new Error('a place was laid out');
  const parameters = new Float32Array(size);
  fillPlace(parameters, place, adapter({ q: moduleOf(2) }));
  fillPlace(parameters, place, adapter({ q: moduleOf(1) }));
  // A [2, 2], then B [3, 2].
  expect([...parameters]).toEqual([1, 2, 0, 0, 20, 0, 22, 0, 24, 0]);
  fillPlace(parameters, place, null);
  expect([...parameters]).toEqual(Array.from({ length: size }, () => 0));
});
