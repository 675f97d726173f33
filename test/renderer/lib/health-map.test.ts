import { expect, test } from 'vitest';
import {
  healthCurves,
  healthMap,
  heatOf,
  largestModule,
} from '../../../src/renderer/lib/health-map.ts';
import type { ModuleHealth } from '../../../src/shared/contract/records.ts';

const figures = { normA: 1, normB: 0, deltaRatio: 0.5, gradientNorm: null };
const module = (layer: number, name: string, more: Partial<ModuleHealth> = {}): ModuleHealth => ({
  layer,
  module: name,
  ...figures,
  ...more,
});

test('the map has the modules in the order of the fullest layer, and holes where there is no adapter', () => {
  const modules = [module(3, 'v_proj'), module(5, 'q_proj'), module(5, 'v_proj')];
  const map = healthMap({ modules });
  expect(map.modules).toEqual(['q_proj', 'v_proj']);
  expect(map.layers).toEqual([3, 4, 5]);
  expect(map.cells).toEqual([
    [null, null, modules[1]],
    [modules[0], null, modules[2]],
  ]);
  expect(healthMap({ modules: [] })).toEqual({ modules: [], layers: [], cells: [] });
});

test('a cell is a share of the largest value, or says why it has none', () => {
  const at = (of: ModuleHealth | null, figure: keyof typeof figures) => heatOf(of, figure, 2);
  expect(at(module(0, 'a'), 'deltaRatio')).toEqual({ kind: 'value', share: 0.25 });
  expect(at(module(0, 'a'), 'normB')).toEqual({ kind: 'zero' });
  expect(at(module(0, 'a'), 'gradientNorm')).toEqual({ kind: 'not-finite' });
  expect(at(null, 'normA')).toEqual({ kind: 'none' });
});

test('the largest module leaves out what is not finite', () => {
  const modules = [
    module(0, 'a', { gradientNorm: 0.1 }),
    module(1, 'a'),
    module(2, 'a', { gradientNorm: 3 }),
  ];
  expect(largestModule(modules, 'gradientNorm')?.layer).toBe(2);
  expect(largestModule([module(1, 'a')], 'gradientNorm')).toBeNull();
});

test('curves: largest and median of each reading', () => {
  const reading = (step: number, ...norms: (number | null)[]) => ({
    step,
    modules: norms.map((normA, layer) => module(layer, 'a', { normA })),
    alarms: [],
    experts: [],
    imbalance: null,
  });
  const points = [reading(1, 4, 1, 2, null), reading(5, null), reading(9, 8, 2, 4, 1)];
  expect(healthCurves(points, 'normA')).toEqual({
    largest: [
      { x: 1, y: 4 },
      { x: 9, y: 8 },
    ],
    median: [
      { x: 1, y: 2 },
      { x: 9, y: 3 },
    ],
  });
});
