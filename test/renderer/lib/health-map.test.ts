import { expect, test } from 'vitest';
import { healthCurves, largestModule } from '../../../src/renderer/lib/health-map.ts';
import type { ModuleHealth } from '../../../src/shared/contract/run-points.ts';

const figures = { normA: 1, normB: 0, deltaRatio: 0.5, gradientNorm: null };
const module = (layer: number, name: string, more: Partial<ModuleHealth> = {}): ModuleHealth => ({
  layer,
  module: name,
  ...figures,
  ...more,
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
