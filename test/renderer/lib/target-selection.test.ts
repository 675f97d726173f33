import { describe, expect, test } from 'vitest';
import { countTrainable, largestRank } from '../../../src/renderer/lib/parameter-count.ts';
import { targetPresets } from '../../../src/renderer/lib/target-presets.ts';
import {
  columnCells,
  countCells,
  fromTargets,
  rowCells,
  select,
  setCells,
  toggleCells,
  toTargets,
} from '../../../src/renderer/lib/target-selection.ts';

/** SmolLM2-135M's shape. */
const model = {
  layers: 30,
  modules: [
    { name: 'q_proj', in: 576, out: 576 },
    { name: 'k_proj', in: 576, out: 192 },
    { name: 'v_proj', in: 576, out: 192 },
    { name: 'o_proj', in: 576, out: 576 },
    { name: 'gate_proj', in: 576, out: 1536 },
    { name: 'up_proj', in: 576, out: 1536 },
    { name: 'down_proj', in: 1536, out: 576 },
  ],
};
const nothing = select(model, () => false);
const everything = select(model, () => true);
const preset = (name: string) => {
  const found = targetPresets.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no preset ${name}`);
  return found.of(model);
};

describe('trainable parameters', () => {
  test('all linear layers at rank 8: the count that PEFT prints for SmolLM2-135M', () => {
    expect(countTrainable(model, everything, { rank: 8, useDora: false })).toBe(2_442_240);
  });

  test('one cell is rank · (in + out)', () => {
    const one = setCells(nothing, [{ module: 6, layer: 3 }], true);
    expect(countTrainable(model, one, { rank: 4, useDora: false })).toBe(4 * (1536 + 576));
  });

  test('DoRA adds a magnitude for each output', () => {
    const one = setCells(nothing, [{ module: 6, layer: 3 }], true);
    expect(countTrainable(model, one, { rank: 4, useDora: true })).toBe(4 * (1536 + 576) + 576);
  });

  test('the largest rank is the smallest side of a chosen module', () => {
    expect(largestRank(model, everything)).toBe(192);
    expect(largestRank(model, setCells(nothing, rowCells(model, 0), true))).toBe(576);
    expect(largestRank(model, nothing)).toBeNull();
  });
});

test('a row, a column and back again', () => {
  const row = toggleCells(nothing, rowCells(model, 2));
  expect(countCells(row)).toBe(30);
  const both = toggleCells(row, columnCells(model, 5));
  expect(countCells(both)).toBe(30 + 6);
  expect(countCells(toggleCells(both, columnCells(model, 5)))).toBe(29);
  expect(toggleCells(row, rowCells(model, 2))).toEqual(nothing);
});

test('a partly chosen row is filled, not emptied', () => {
  const some = setCells(nothing, [{ module: 1, layer: 0 }], true);
  expect(countCells(toggleCells(some, rowCells(model, 1)))).toBe(30);
});

test.each([
  ['All linear', 210],
  ['Attention only', 120],
  ['q + v', 60],
  ['Upper half', 105],
])('preset %s has %d cells', (name, cells) => {
  expect(countCells(preset(name))).toBe(cells);
});

describe('as a configuration', () => {
  test('everything, nothing, whole rows and parts', () => {
    expect(toTargets(model, everything)).toBe('all-linear');
    expect(toTargets(model, nothing)).toBeNull();
    expect(toTargets(model, preset('q + v'))).toEqual([
      { module: 'q_proj', layers: 'all' },
      { module: 'v_proj', layers: 'all' },
    ]);
    const part = setCells(preset('q + v'), [{ module: 0, layer: 29 }], false);
    expect(toTargets(model, part)?.[0]).toEqual({
      module: 'q_proj',
      layers: Array.from({ length: 29 }, (_, layer) => layer),
    });
  });

  test.each(targetPresets.map(({ name }) => name))('%s survives the way there and back', (name) => {
    const targets = toTargets(model, preset(name));
    if (targets === null) throw new Error('nothing chosen');
    expect(fromTargets(model, targets)).toEqual(preset(name));
  });

  test('what another model has is left out', () => {
    const targets = [
      { module: 'q_proj', layers: [2, 99] },
      { module: 'c_attn', layers: 'all' as const },
    ];
    expect(countCells(fromTargets(model, targets))).toBe(1);
  });
});
