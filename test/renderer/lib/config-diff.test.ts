import { expect, test } from 'vitest';
import { differingSettings } from '../../../src/renderer/lib/config-diff.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../src/shared/contract/training-defaults.ts';

const config: TrainingConfig = {
  ...trainingDefaults,
  name: 'a',
  model: '/models/a.gguf',
  data: '/data/train.jsonl',
  validation: { kind: 'none' },
};

test('equal settings leave no row; the name is no setting', () => {
  expect(differingSettings([config, { ...config, name: 'b' }])).toEqual([]);
});

test('only what differs, in the order of the form', () => {
  const other: TrainingConfig = {
    ...config,
    learningRate: 1e-3,
    lora: { ...config.lora, rank: 16 },
  };
  expect(differingSettings([config, other, config])).toEqual([
    { key: 'rank', label: 'Rank', values: ['8', '16', '8'] },
    { key: 'learningRate', label: 'Learning rate', values: ['2.0e−4', '0.001', '2.0e−4'] },
  ]);
});

test('a run by steps beside one by epochs', () => {
  const other: TrainingConfig = { ...config, duration: { kind: 'steps', steps: 100 } };
  expect(differingSettings([config, other]).map(({ key, values }) => [key, values])).toEqual([
    ['epochs', ['1', '–']],
    ['steps', ['–', '100']],
  ]);
});
