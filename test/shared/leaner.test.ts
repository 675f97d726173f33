/** The ways in which a run needs less memory, in their order. */
import { expect, test } from 'vitest';
import { leaner, type LeanSettings } from '../../src/shared/leaner.ts';
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';
import { smallConfig } from '../main/small-config.ts';

const configOf = (settings: Partial<TrainingConfig>): TrainingConfig => ({
  ...smallConfig(),
  ...{ keep: 'inputs', gradientAccumulation: 1 },
  ...settings,
});

test('first less is kept, then the batch is halved, down to one row', () => {
  const steps: LeanSettings[] = [];
  let config = configOf({ keep: 'all', batchSize: 4, gradientAccumulation: 2 });
  for (let less = leaner(config); less; less = leaner(config)) {
    steps.push(less.settings);
    config = { ...config, ...less.settings };
  }
  expect(steps).toEqual([
    { keep: 'products', batchSize: 4, gradientAccumulation: 2 },
    { keep: 'inputs', batchSize: 4, gradientAccumulation: 2 },
    { keep: 'inputs', batchSize: 2, gradientAccumulation: 4 },
    { keep: 'inputs', batchSize: 1, gradientAccumulation: 8 },
  ]);
});

test.each([
  // An odd batch is divided so that the same blocks make up an update.
  { batchSize: 9, rows: 9, divided: 3 },
  { batchSize: 7, rows: 7, divided: 1 },
  // Half of 8 would still have room for all three blocks.
  { batchSize: 8, rows: 3, divided: 2 },
])('$batchSize with $rows rows in use', ({ batchSize, rows, divided }) => {
  const { settings } = leaner(configOf({ batchSize }), rows) ?? {};
  expect(settings).toMatchObject({ batchSize: divided, gradientAccumulation: batchSize / divided });
});

test('one row cannot be divided', () => {
  expect(leaner(configOf({ batchSize: 4 }), 1)).toBeNull();
  expect(leaner(configOf({ batchSize: 1 }))).toBeNull();
});

test('what does not stay the same is said', () => {
  const plain = configOf({ batchSize: 2 });
  expect(leaner(plain)?.text).toBe(
    'The batch goes from 2 to 1 and the accumulation from 1 to 2. Each update still sums the gradients of the same blocks, up to rounding.',
  );
  const others = { ...plain, routerLoss: 0.1, lora: { ...plain.lora, dropout: 0.1 } };
  expect(leaner(others)?.text).toMatch(
    /up to rounding; dropout draws other numbers, and the routers' loss is that of smaller batches\.$/,
  );
});
