/** Usual choices of target modules mean the same in every family. */
import { expect, test } from 'vitest';
import { targetPresets } from '../../../src/renderer/lib/target-presets.ts';
import { toTargets, type GridModel } from '../../../src/renderer/lib/target-selection.ts';
import { inEveryLayer } from '../../support/plain-module.ts';
import { smolModel } from '../smol-model.ts';

const bert = {
  layers: 2,
  modules: [
    ['query', 'attention.self.query'],
    ['key', 'attention.self.key'],
    ['value', 'attention.self.value'],
    ['attention.output.dense', 'attention.output.dense'],
    ['intermediate.dense', 'intermediate.dense'],
    ['output.dense', 'output.dense'],
  ].map(([name = '', path]) => ({
    ...{ name, path: `bert.encoder.layer.{layer}.${path}`, in: 8, out: 8 },
    ...inEveryLayer,
  })),
};

const chosen = (preset: string, model: GridModel) => {
  const selection = targetPresets.find(({ name }) => name === preset)?.of(model) ?? [];
  const targets = toTargets(model, selection);
  return typeof targets === 'string' ? targets : targets?.map(({ module }) => module);
};

test('attention and q + v are found by what they are, not by the names of one family', () => {
  expect(chosen('All linear', bert)).toBe('all-linear');
  expect(chosen('Attention only', bert)).toEqual(bert.modules.slice(0, 4).map(({ name }) => name));
  expect(chosen('q + v', bert)).toEqual(['query', 'value']);
  expect(chosen('Attention only', smolModel())).toEqual(['q_proj', 'k_proj', 'v_proj', 'o_proj']);
  expect(chosen('q + v', smolModel())).toEqual(['q_proj', 'v_proj']);
});
