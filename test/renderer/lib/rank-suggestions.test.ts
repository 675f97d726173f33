/** Ranks for a next run, from the health of one that was. */
import { expect, test } from 'vitest';
import { suggestRanks, withRanks } from '../../../src/renderer/lib/rank-suggestions.ts';
import type { HealthPoint } from '../../../src/shared/contract/run-points.ts';
import { trainingDefaults } from '../../../src/shared/contract/training-defaults.ts';
import { readPatterns } from '../../../src/shared/module-patterns.ts';
import { smolModel } from '../smol-model.ts';

const model = { ...smolModel(), layers: 4 };
const lora = { ...trainingDefaults.lora, rank: 8, alpha: 16 };
type Figures = { change: number | null; pull: number };

/** A reading in which each module has these figures. */
function reading(step: number, of: (module: string, layer: number) => Figures): HealthPoint {
  const modules = [0, 1, 2, 3].flatMap((layer) =>
    model.modules.map(({ name: module }) => {
      const { change, pull } = of(module, layer);
      return { layer, module, normA: 1, normB: 1, deltaRatio: change, gradientNorm: pull };
    }),
  );
  return { step, modules, alarms: [], experts: [], imbalance: null };
}

const even = () => ({ change: 0.01, pull: 1 });
const rankOf = (
  found: ReturnType<typeof suggestRanks>,
  module: string,
  layer: number | null = null,
) => found?.rows.find((row) => row.module === module && row.layer === layer)?.rank;

test('modules that did alike keep their ranks', () => {
  const found = suggestRanks([reading(1, even)], model, lora, 'module');
  expect(found?.rows.map(({ rank }) => rank)).toEqual(model.modules.map(() => 8));
  expect(found?.parameters.then).toBe(found?.parameters.now);
});

test('a module that changed and is pulled at gets more, one that rests less, for about as many parameters', () => {
  const busy = (module: string) => {
    if (module === 'v_proj') return { change: 0.04, pull: 4 };
    return module === 'gate_proj' ? { change: 0.0025, pull: 0.25 } : even();
  };
  const found = suggestRanks([reading(1, busy)], model, lora, 'module');
  expect(rankOf(found, 'v_proj')).toBe(32);
  expect(rankOf(found, 'gate_proj')).toBe(2);
  const { now, then } = found?.parameters ?? { now: NaN, then: NaN };
  // v_proj has 768 of 10,176 rows and columns and takes 3 parts more, gate_proj 2,112 and gives 3 quarters back.
  expect(then / now).toBeCloseTo(1 + (3 * 768 - 0.75 * 2112) / 10_176, 12);
  const row = found?.rows.find(({ module }) => module === 'v_proj');
  expect(row).toMatchObject({ change: 4, pull: 4, now: { least: 8, most: 8 } });
});

test('gradients of the last half of the readings count, and the change of the last', () => {
  const first = (module: string) => (module === 'q_proj' ? { change: 9, pull: 99 } : even());
  const points = [reading(1, first), reading(2, even)];
  expect(suggestRanks(points, model, lora, 'module')?.rows[0]).toMatchObject({
    change: 1,
    pull: 1,
  });
});

test('by layer and module each has its own pattern, which means it alone', () => {
  const busy = (module: string, layer: number) =>
    module === 'v_proj' && layer === 1 ? { change: 0.04, pull: 4 } : even();
  const found = suggestRanks([reading(1, busy)], model, lora, 'cell');
  expect(found?.rows).toHaveLength(28);
  expect(rankOf(found, 'v_proj', 1)).toBe(32);
  const next = withRanks(lora, found?.rows ?? []);
  const { find } = readPatterns(next.rankPattern);
  expect(find('model.layers.1.self_attn.v_proj')?.value).toBe(32);
  expect(find('model.layers.11.self_attn.v_proj')).toBe(undefined);
});

test('alphas go with the ranks, so that no scaling is another', () => {
  const busy = (module: string) => (module === 'v_proj' ? { change: 0.04, pull: 4 } : even());
  const own = { ...lora, alphaPattern: { o_proj: 32 } };
  for (const useRslora of [false, true]) {
    const settings = { ...own, useRslora };
    const { rows = [] } = suggestRanks([reading(1, busy)], model, settings, 'module') ?? {};
    const next = withRanks(settings, rows);
    const [ranks, alphas] = [readPatterns(next.rankPattern), readPatterns(next.alphaPattern)];
    const of = (path: string) => {
      const rank = ranks.find(path)?.value ?? lora.rank;
      const alpha = alphas.find(path)?.value ?? lora.alpha;
      return { rank, scaling: alpha / (useRslora ? Math.sqrt(rank) : rank) };
    };
    const before = (alpha: number) => alpha / (useRslora ? Math.sqrt(8) : 8);
    const found = {
      v: of('model.layers.2.self_attn.v_proj'),
      o: of('model.layers.2.self_attn.o_proj'),
      q: of('model.layers.2.self_attn.q_proj'),
    };
    expect([found.v.rank, found.o.rank, found.q.rank]).toEqual([32, 8, 8]);
    expect(found.v.scaling).toBeCloseTo(before(16), 10);
    expect(found.o.scaling).toBeCloseTo(before(32), 10);
    expect(found.q.scaling).toBe(before(16));
  }
});

test('where the readings do not tell, nothing is suggested', () => {
  const broken = (module: string) => (module === 'q_proj' ? { change: null, pull: 1 } : even());
  const still = () => ({ change: 0, pull: 1 });
  for (const points of [[], [reading(1, broken)], [reading(1, still)]])
    expect(suggestRanks(points, model, lora, 'module')).toBe(null);
  const targets = [{ module: 'q_proj', layers: 'all' as const }];
  const one = reading(1, even);
  const only = { ...one, modules: one.modules.filter(({ module }) => module === 'q_proj') };
  expect(suggestRanks([only], model, { ...lora, targets }, 'module')).toBe(null);
});
