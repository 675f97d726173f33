/** The steps of a run and the order of its data, known before it starts. */
import { expect, test } from 'vitest';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { microBatchesOf, planSteps } from '../../../../src/main/engine/train/plan.ts';

const blockCount = 11;

function configOf(change: Partial<TrainingConfig>): TrainingConfig {
  const none = { name: '', model: '', data: '', validation: { kind: 'none' as const } };
  return { ...trainingDefaults, ...none, batchSize: 2, gradientAccumulation: 2, ...change };
}

test('an epoch has a step for every accumulated batch, the last one short', () => {
  const config = configOf({ duration: { kind: 'epochs', epochs: 2.5 } });
  // 11 blocks are 6 batches of 2, and 3 steps of 2 batches.
  expect(planSteps(config, blockCount)).toEqual({ stepsPerEpoch: 3, totalSteps: 8 });
  const fixed = configOf({ duration: { kind: 'steps', steps: 7 } });
  expect(planSteps(fixed, blockCount)).toEqual({ stepsPerEpoch: 3, totalSteps: 7 });
});

test('each epoch goes through all blocks once, each in an order of its own', () => {
  const config = configOf({ seed: 3 });
  const plan = planSteps(config, blockCount);
  const epochs = [0, 1, 2].map((epoch) =>
    [0, 1, 2].flatMap((step) =>
      microBatchesOf(config, plan, blockCount, epoch * 3 + step).flatMap((batch) => {
        expect(batch.length).toBeLessThanOrEqual(2);
        return batch;
      }),
    ),
  );
  const all = Array.from({ length: blockCount }, (_, i) => i);
  for (const order of epochs) expect([...order].sort((a, b) => a - b)).toEqual(all);
  expect(new Set(epochs.map((order) => order.join())).size).toBe(3);
});

test('the data of a step follows from seed and step alone: a run taken up at any step goes on as it would have', () => {
  const config = configOf({ seed: 3 });
  const plan = planSteps(config, blockCount);
  const steps = Array.from({ length: 9 }, (_, step) => step);
  const at = (step: number) => microBatchesOf(config, plan, blockCount, step);
  const forwards = steps.map(at);
  const backwards = [...steps].reverse().map(at).reverse();
  expect(backwards).toEqual(forwards);
  // Written down, so that another version of the program does not shuffle otherwise.
  expect(forwards.slice(2, 4)).toEqual([
    [[7, 1], [4]],
    [
      [4, 1],
      [2, 7],
    ],
  ]);
  expect(microBatchesOf({ ...config, seed: 4 }, plan, blockCount, 0)).not.toEqual(forwards[0]);
});
