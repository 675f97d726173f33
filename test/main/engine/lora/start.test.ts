/** How adapters start and how fast their parameters learn. */
import { describe, expect, test } from 'vitest';
import type { LoraSettings } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { initialParameters } from '../../../../src/main/engine/lora/init.ts';
import { layOut, trainableParameters } from '../../../../src/main/engine/lora/layout.ts';
import { relativeLearningRates } from '../../../../src/main/engine/lora/learning-rates.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { gamma } from '../../../support/rounding.ts';
import { fixturePath } from '../parity/fixtures.ts';
import { problemOf } from '../checkpoint/fixtures.ts';

const checkpoint = await openCheckpoint(fixturePath('models/tiny-tied'));
const settings = (change: Partial<LoraSettings>): LoraSettings => ({
  ...trainingDefaults.lora,
  rank: 4,
  alpha: 8,
  targets: [{ module: 'q_proj', layers: [1] }],
  ...change,
});

function start(change: Partial<LoraSettings>) {
  const lora = settings(change);
  const layout = layOut([resolveTargets(checkpoint.architecture, lora)]);
  const starts = [{ init: lora.init, seed: 3 }];
  const parameters = initialParameters(layout, starts, (path) => checkpoint.read(`${path}.weight`));
  const [adapter] = layout.adapters;
  const [module] = adapter?.slots ?? [];
  if (!adapter || !module) throw new Error('one module was asked for');
  return { layout, parameters, adapter, module };
}

/** ΔW / scaling at a row and column, in float64, and the sum of the sizes of what it is the sum of. */
function delta({ parameters, module }: ReturnType<typeof start>, row: number, column: number) {
  const terms = Array.from({ length: module.rank }, (_, i) => {
    const b = parameters[module.b + row * module.rank + i] ?? NaN;
    return b * (parameters[module.a + i * module.module.in + column] ?? NaN);
  });
  const add = (sum: number, term: number) => sum + term;
  return { sum: terms.reduce(add), size: terms.map(Math.abs).reduce(add) };
}

test.each(['default', 'gaussian', 'pissa', 'olora'] as const)(
  '%s changes nothing at first',
  (init) => {
    const started = start({ init });
    // What is taken out of the base is there twice, with opposite signs: only the additions round, in float64.
    for (let i = 0; i < 64; i++) {
      const { sum, size } = delta(started, i, 63 - i);
      expect(Math.abs(sum)).toBeLessThanOrEqual(gamma(started.module.rank, 'float64') * size);
    }
    const { a, rank, module } = started.module;
    expect(started.parameters.subarray(a, a + rank * module.in).some((value) => value !== 0)).toBe(
      true,
    );
  },
);

test('the default A is uniform in ±1/√in, the same for the same seed', () => {
  const { parameters, module } = start({});
  const a = parameters.subarray(module.a, module.a + 4 * 64);
  expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(1 / 8);
  expect(Math.max(...a.map(Math.abs))).toBeGreaterThan(0.9 / 8);
  expect(start({}).parameters).toEqual(parameters);
});

test('DoRA starts with the lengths of the rows', () => {
  const { parameters, module } = start({ useDora: true });
  const weight = checkpoint.read('model.layers.1.self_attn.q_proj.weight');
  const length = Math.hypot(...weight.subarray(5 * 64, 6 * 64));
  // A sum of 64 squares, each rounded, and a root that is rounded to 2 units in the last place.
  const found = parameters[(module.m ?? NaN) + 5] ?? NaN;
  expect(Math.abs(found / length - 1)).toBeLessThan(gamma(64 + 4));
});

test('ranks taken out of the base do not count as trainable, and never learn', () => {
  const { layout, adapter, module } = start({ init: 'pissa', loraPlusRatio: 16 });
  expect(module.rank).toBe(8);
  expect(module.scaling).toBe(2);
  expect(trainableParameters(adapter)).toBe(4 * (64 + 64));
  const rates = relativeLearningRates(layout, [16]);
  const count = (value: number) => rates.filter((rate) => rate === value).length;
  expect([count(0), count(1), count(16)]).toEqual([4 * 128, 4 * 64, 4 * 64]);
  expect(rates[module.b + 4]).toBe(0);
});

describe('targets', () => {
  const all = (change: Partial<LoraSettings>) =>
    resolveTargets(checkpoint.architecture, settings(change));

  test('patterns give ranks and alphas of their own', () => {
    const found = all({
      targets: 'all-linear',
      rankPattern: { [String.raw`layers\.1\.mlp\.down_proj`]: 6, q_proj: 2 },
      alphaPattern: { q_proj: 3 },
      useRslora: true,
    });
    const of = (layer: number, name: string) => {
      const each = found.find((one) => one.layer === layer && one.module.name === name);
      return [each?.rank, each?.alpha, each?.scaling];
    };
    expect(of(1, 'down_proj')).toEqual([6, 8, 8 / Math.sqrt(6)]);
    expect(of(0, 'down_proj')).toEqual([4, 8, 4]);
    expect(of(2, 'q_proj')).toEqual([2, 3, 3 / Math.SQRT2]);
  });

  test('own ranks count as in the form, and the rank need not fit their modules', () => {
    // The shape of SmolLM2-135M: q is [576, 576], k is [192, 576].
    const shape = parseArchitecture(
      {
        ...{ model_type: 'llama', vocab_size: 100, hidden_size: 576, intermediate_size: 1536 },
        ...{ num_hidden_layers: 1, num_attention_heads: 9, num_key_value_heads: 3 },
        max_position_embeddings: 512,
      },
      'config.json',
    );
    const targets = ['q_proj', 'k_proj'].map((module) => ({ module, layers: [0] }));
    const learning = (rank: number) => {
      const lora = settings({ rank, targets, rankPattern: { k_proj: 4 } });
      const layout = layOut([resolveTargets(shape, lora)]);
      return layout.adapters.map(trainableParameters);
    };
    expect(learning(8)).toEqual([12_288]);
    expect(learning(256)).toEqual([256 * (576 + 576) + 4 * (576 + 192)]);
  });

  test.each([
    [{ rank: 0 }, 'lora/bad-rank'],
    [{ rank: 65 }, 'lora/bad-rank'],
    [{ rankPattern: { q_proj: 65 } }, 'lora/bad-rank'],
    [{ targets: [{ module: 'w_proj', layers: 'all' as const }] }, 'lora/unknown-modules'],
    [{ targets: [{ module: 'q_proj', layers: [0, 3] }] }, 'lora/layers-out-of-range'],
    [{ rankPattern: { '(': 2 } }, 'adapter/bad-config'],
    // One of a module that gets no adapter, and one that never has its turn.
    [{ rankPattern: { v_proj: 2 } }, 'lora/idle-patterns'],
    [{ alphaPattern: { q_proj: 2, '1.self_attn.q_proj': 3 } }, 'lora/idle-patterns'],
  ])('%j is refused', async (change, code) => {
    expect(await problemOf(() => Promise.resolve().then(() => all(change)))).toMatchObject({
      code,
    });
  });
});
