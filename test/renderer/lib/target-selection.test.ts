import { describe, expect, test } from 'vitest';
import { targetPresets } from '../../../src/renderer/lib/target-presets.ts';
import {
  columnCells,
  countCells,
  fromTargets,
  placesOf,
  rowCells,
  select,
  setCells,
  toggleCells,
  toTargets,
} from '../../../src/renderer/lib/target-selection.ts';
import { inEveryLayer } from '../../support/plain-module.ts';
import { smolModel } from '../smol-model.ts';

const model = smolModel();
const nothing = select(model, () => false);
const everything = select(model, () => true);
const preset = (name: string) => {
  const found = targetPresets.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no preset ${name}`);
  return found.of(model);
};

test('the chosen matrices with their paths', () => {
  const cells = [
    { module: 6, layer: 3 },
    { module: 0, layer: 29 },
  ];
  expect(placesOf(model, setCells(nothing, cells, true))).toMatchObject([
    { path: 'model.layers.29.self_attn.q_proj', in: 576, out: 576 },
    { path: 'model.layers.3.mlp.down_proj', in: 1536, out: 576 },
  ]);
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

  test('experts are chosen together, routers only by hand, and a layer without experts has none', () => {
    const path = (name: string) => `model.layers.{layer}.mlp.${name}`;
    const sparse = { inLayers: [1], in: 4, out: 8 };
    const mixture = {
      layers: 2,
      modules: [
        { ...inEveryLayer, name: 'q_proj', path: 'model.layers.{layer}.q_proj', in: 4, out: 4 },
        { ...inEveryLayer, ...sparse, name: 'gate', path: path('gate'), gate: true },
        { ...inEveryLayer, ...sparse, name: 'up', path: path('experts.{expert}.up'), copies: 3 },
      ],
    };
    const all = fromTargets(mixture, 'all-linear');
    expect(all).toEqual([
      [true, true],
      [false, false],
      [false, true],
    ]);
    expect(toTargets(mixture, all)).toBe('all-linear');
    expect(placesOf(mixture, all).map((place) => place.path)).toEqual([
      ...['model.layers.0.q_proj', 'model.layers.1.q_proj'],
      ...[0, 1, 2].map((expert) => `model.layers.1.mlp.experts.${expert}.up`),
    ]);
    const withRouter = toggleCells(all, rowCells(mixture, 1));
    expect(toTargets(mixture, withRouter)).toEqual(
      ['q_proj', 'gate', 'up'].map((module) => ({ module, layers: 'all' })),
    );
    expect(columnCells(mixture, 0)).toEqual([{ module: 0, layer: 0 }]);
  });

  test('a name of the command line marks every module that it means', () => {
    const gpt2 = {
      layers: 2,
      modules: ['attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'].map((name) => {
        return { name, path: `transformer.h.{layer}.${name}`, in: 4, out: 4, ...inEveryLayer };
      }),
    };
    const targets = [{ module: 'c_proj', layers: [1] }];
    expect(toTargets(gpt2, fromTargets(gpt2, targets))).toEqual([
      { module: 'attn.c_proj', layers: [1] },
      { module: 'mlp.c_proj', layers: [1] },
    ]);
  });
});
