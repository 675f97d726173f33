import { expect, test } from 'vitest';
import { differingSettings } from '../../../src/renderer/lib/config-diff.ts';
import type { HeldBase } from '../../../src/shared/contract/records.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { runOf } from '../run-record.ts';

const { config } = runOf({});
const differing = (configs: TrainingConfig[]) =>
  differingSettings(configs.map((each) => runOf({ config: each })));

test('equal settings leave no row; the name is no setting', () => {
  expect(differing([config, { ...config, name: 'b' }])).toEqual([]);
});

test('only what differs, in the order of the form', () => {
  const other: TrainingConfig = {
    ...config,
    learningRate: 1e-3,
    lora: { ...config.lora, rank: 16 },
  };
  expect(differing([config, other, config])).toEqual([
    { key: 'rank', label: 'Rank', values: ['8', '16', '8'], numbers: [8, 16, 8] },
    {
      ...{ key: 'learningRate', label: 'Learning rate' },
      values: ['2.0e−4', '0.001', '2.0e−4'],
      numbers: [2e-4, 1e-3, 2e-4],
    },
  ]);
});

test('a run by steps beside one by epochs', () => {
  const other: TrainingConfig = { ...config, duration: { kind: 'steps', steps: 100 } };
  expect(differing([config, other]).map(({ key, values }) => [key, values])).toEqual([
    ['epochs', ['1', '–']],
    ['steps', ['–', '100']],
  ]);
});

test('the forms in which bases were held, however they came to be chosen', () => {
  const held = (base: HeldBase, asked: TrainingConfig['base'] = 'auto') =>
    runOf({ base, config: { ...config, base: asked, doubleQuant: base.doubleQuant } });
  const dense: HeldBase = { form: 'dense', doubleQuant: false };
  const nf4: HeldBase = { form: 'nf4', doubleQuant: true };
  expect(differingSettings([held(dense), held(dense, 'dense')])).toEqual([]);
  expect(differingSettings([held(dense), held(nf4), held(nf4, 'nf4')])).toEqual([
    {
      ...{ key: 'base', label: 'Base in memory' },
      values: ['Dense', ...Array<string>(2).fill('NF4, 4 bits, double quantisation')],
      numbers: [null, null, null],
    },
  ]);
});
