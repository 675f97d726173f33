/** Which linear layers the names of target modules mean. */
import { expect, test } from 'vitest';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import type { LoraSettings } from '../../../../src/shared/contract/training-config.ts';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import { linearAt, type Architecture } from '../../../../src/main/engine/model/architecture.ts';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const architectureOf = (folder: string) => {
  const path = fixturePath(`${folder}/config.json`);
  return parseArchitecture(readJsonObject(path), path);
};
const bert = architectureOf('classifiers/tiny-bert/model');
const gpt2 = architectureOf('models/tiny-gpt2');
const mixture = architectureOf('models/tiny-qwen2-moe');

function pathsOf(architecture: Architecture, targets: LoraSettings['targets']): string[] {
  const found = resolveTargets(architecture, { ...trainingDefaults.lora, rank: 1, targets });
  return found.map(({ path }) => path);
}

test('a name that two modules of a layer end with means both, as in PEFT', () => {
  expect(pathsOf(gpt2, [{ module: 'c_proj', layers: [1] }])).toEqual([
    'transformer.h.1.attn.c_proj',
    'transformer.h.1.mlp.c_proj',
  ]);
});

test('a longer one means one of them, and naming one twice changes nothing', () => {
  const targets = ['mlp.c_proj', 'mlp.c_proj'].map((module) => ({ module, layers: [1] }));
  expect(pathsOf(gpt2, targets)).toEqual(['transformer.h.1.mlp.c_proj']);
});

test('a module whose whole path is the end of another’s is meant by it alone', () => {
  expect(pathsOf(bert, [{ module: 'output.dense', layers: [0] }])).toEqual([
    'bert.encoder.layer.0.output.dense',
  ]);
});

test('frozen linear layers of a head are targets by name, in the place of a layer after the last', () => {
  const targets = [
    { module: 'query', layers: [1] },
    { module: 'pooler.dense', layers: 'all' as const },
  ];
  const found = resolveTargets(bert, { ...trainingDefaults.lora, targets });
  expect(found.map((target) => [target.layer, target.path])).toEqual([
    [1, 'bert.encoder.layer.1.attention.self.query'],
    [2, 'bert.pooler.dense'],
  ]);
  expect(linearAt(bert, 'bert.pooler.dense')?.layer).toBe(2);
});

test('all-linear means those of the layers', () => {
  expect(pathsOf(bert, 'all-linear')).toHaveLength(2 * 6);
});

test.each([
  ['experts.gate_proj', 1, 'is in layers 0, 2 only'],
  ['mlp.gate_proj', 2, 'is in layer 1 only'],
])(
  '%s where layer %i has none is refused with the layers that have it',
  async (module, layer, said) => {
    const refused = () =>
      Promise.resolve().then(() => pathsOf(mixture, [{ module, layers: [layer] }]));
    const problem = await problemOf(refused);
    expect(problem.code).toBe('lora/not-in-layers');
    expect(problem.what).toContain(`${module} ${said}`);
  },
);

test('a linear layer of the head is refused in layers', async () => {
  const targets = [{ module: 'pooler.dense', layers: [0] }];
  const problem = await problemOf(() => Promise.resolve().then(() => pathsOf(bert, targets)));
  expect(problem.code).toBe('lora/not-in-layers');
  expect(problem.what).toContain('pooler.dense is in no layer');
});

test('of several modules one layer need not have each', () => {
  const targets = ['gate_proj', 'experts.gate_proj'].map((module) => ({ module, layers: [1] }));
  expect(pathsOf(mixture, targets)).toEqual(['model.layers.1.mlp.gate_proj']);
});

test('all-linear of a mixture is everything but what says where tokens go', () => {
  const paths = pathsOf(mixture, 'all-linear');
  expect(paths).toContain('model.layers.0.mlp.experts.7.down_proj');
  expect(paths.filter((path) => /gate$/.test(path))).toEqual([]);
  expect(pathsOf(mixture, [{ module: 'gate', layers: [0] }])).toEqual(['model.layers.0.mlp.gate']);
});

test('a matrix that experts, the shared expert and layers without experts have means all of them', () => {
  const paths = pathsOf(mixture, [{ module: 'up_proj', layers: 'all' }]);
  // Eight experts and a shared one in the two layers that have them, and the block of the layer between.
  expect(paths).toHaveLength(2 * 9 + 1);
  expect(pathsOf(mixture, [{ module: 'experts.up_proj', layers: 'all' }])).toHaveLength(2 * 8);
});
