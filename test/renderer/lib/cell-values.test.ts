/** Ranks and alphas of single cells, to patterns that PEFT reads and back. */
import { expect, test } from 'vitest';
import { cellValues, countOwn, meant, withOwn } from '../../../src/renderer/lib/cell-values.ts';
import { rowCells, select } from '../../../src/renderer/lib/target-selection.ts';
import { smolModel } from '../smol-model.ts';

const model = smolModel();
const q = rowCells(model, 0);
const none = model.modules.map(() => Array.from({ length: 30 }, () => null));

test('a cell has a pattern of its whole path, and is found by it alone', () => {
  const patterns = withOwn(model, {}, [{ module: 5, layer: 3 }], 4);
  expect(patterns).toEqual({ [String.raw`model\.layers\.3\.mlp\.up_proj`]: 4 });
  const values = cellValues(model, patterns);
  expect(values[5]?.[3]).toBe(4);
  expect(values.flat().filter((value) => value !== null)).toHaveLength(1);
  expect(withOwn(model, patterns, [{ module: 5, layer: 3 }], null)).toEqual({});
});

test('a whole row is one pattern by its name; a cell that differs splits it', () => {
  const row = withOwn(model, {}, q, 4);
  expect(row).toEqual({ q_proj: 4 });
  const split = withOwn(model, row, [{ module: 0, layer: 29 }], 2);
  expect(Object.keys(split)).toHaveLength(30);
  expect(cellValues(model, split)[0]).toEqual([...Array.from({ length: 29 }, () => 4), 2]);
  // Layer 2 is no part of layer 29, nor of 12.
  expect(cellValues(model, { [String.raw`layers\.2\.self_attn\.q_proj`]: 1 })[0]?.[12]).toBeNull();
});

test('what was typed means the same after a cell is set', () => {
  const typed = { [String.raw`layers\.[01]\..*`]: 2, v_proj: 3 };
  const before = cellValues(model, typed);
  const after = cellValues(model, withOwn(model, typed, [{ module: 1, layer: 7 }], 9));
  const expected = before.map((values, module) =>
    values.map((value, layer) => (module === 1 && layer === 7 ? 9 : value)),
  );
  expect(after).toEqual(expected);
});

test('a module that all experts have gets a pattern for all of them, and no short name that means others', () => {
  const up = { name: 'experts.up_proj', in: 8, out: 8, copies: 4, inLayers: null, gate: false };
  const experts = { ...up, path: 'model.layers.{layer}.mlp.experts.{expert}.up_proj' };
  const shared = { ...up, name: 'up_proj', copies: 1, path: 'model.layers.{layer}.mlp.up_proj' };
  const mixture = { layers: 1, modules: [experts, shared] };
  const patterns = withOwn(mixture, {}, [{ module: 0, layer: 0 }], 4);
  expect(patterns).toEqual({ [String.raw`model\.layers\.0\.mlp\.experts\.\d+\.up_proj`]: 4 });
  expect(cellValues(mixture, patterns)).toEqual([[4], [null]]);
  // 'up_proj' would be that of the experts, too.
  const others = withOwn(mixture, {}, [{ module: 1, layer: 0 }], 4);
  expect(cellValues(mixture, others)).toEqual([[null], [4]]);
});

test('a run is told of values of chosen cells alone; what cannot be read stays, to be told', () => {
  const onlyQ = select(model, ({ name }) => name === 'q_proj');
  expect(meant(model, onlyQ, { q_proj: 4, v_proj: 2 })).toEqual({ q_proj: 4 });
  expect(meant(model, onlyQ, { '(': 4 })).toEqual({ '(': 4 });
  const values = cellValues(model, { q_proj: 4, v_proj: 2 });
  expect(countOwn(onlyQ, values, none)).toBe(30);
});
