/** Sizes of adapters on the matrices of SmolLM2-135M, with ranks of single modules. */
import { expect, test } from 'vitest';
import { adapterSize, type Place } from '../../src/shared/adapter-size.ts';

const q = { path: 'model.layers.0.self_attn.q_proj', in: 576, out: 576 };
const k = { path: 'model.layers.0.self_attn.k_proj', in: 576, out: 192 };
const size = (places: Place[], rank: number, rankPattern = {}, useDora = false) =>
  adapterSize(places, { rank, rankPattern, useDora });

test('each matrix has rank · (in + out) numbers, and with DoRA a magnitude for each output', () => {
  expect(size([q, k], 8).learning).toBe(15_360);
  expect(size([k], 4, {}, true).learning).toBe(4 * (576 + 192) + 192);
});

test('a module with a rank of its own counts with it', () => {
  expect(size([q, k], 8, { k_proj: 4 }).learning).toBe(12_288);
  expect(size([q, k], 8, { 'layers.1.*': 4 }).learning).toBe(15_360);
});

test('the rank is bounded by the modules that take it, and by no others', () => {
  expect(size([q, k], 8).largestRank).toBe(192);
  expect(size([q, k], 256, { k_proj: 4 })).toMatchObject({ largestRank: 576, misfits: [] });
  expect(size([k], 8, { k_proj: 4 }).largestRank).toBeNull();
  expect(size([], 8).largestRank).toBeNull();
});

test('own ranks have to fit their modules', () => {
  expect(size([q, k], 8, { '[qk]_proj': 193 }).misfits).toEqual([{ place: k, rank: 193 }]);
  expect(size([k], 8, { k_proj: 192 }).misfits).toEqual([]);
  expect(size([k], 8, { k_proj: 0 }).misfits).toEqual([{ place: k, rank: 0 }]);
});
