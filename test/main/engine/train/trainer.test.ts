/** Training as a whole: repeatable, nothing left behind, and stopped where it goes wrong. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { initialParameters } from '../../../../src/main/engine/lora/init.ts';
import { layOut } from '../../../../src/main/engine/lora/layout.ts';
import { relativeLearningRates } from '../../../../src/main/engine/lora/learning-rates.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import { loadBinding } from '../../../../src/main/engine/runtime/binding.ts';
import { lossCapacity } from '../../../../src/main/engine/score/loss.ts';
import { planSteps } from '../../../../src/main/engine/train/plan.ts';
import { runTraining } from '../../../../src/main/engine/train/run.ts';
import { mostLearnt, Trainer } from '../../../../src/main/engine/train/trainer.ts';
import '../parity/quick-compile.ts';
import { blockFixture } from '../parity/block-fixture.ts';
import { relativeDifference } from '../parity/difference.ts';
import { fixturePath, readFixture } from '../parity/fixtures.ts';
import { alone } from '../parity/sequences.ts';

const { blocks } = readFixture(
  'expected/gradients/batch.json',
  z.object({ blocks: z.array(blockFixture) }),
);
const checkpoint = await openCheckpoint(fixturePath('models/tiny-tied'));

function newTrainer(dropout: number, seed = 1): Trainer {
  const { config } = checkpoint;
  const layout = layOut([
    resolveTargets(config, { ...trainingDefaults.lora, targets: 'all-linear' }),
  ]);
  return new Trainer(
    {
      config,
      layout,
      shape: { rows: 2, length: 32 },
      capacity: lossCapacity(mostLearnt(blocks, 2)),
      computeType: 'float32',
      fusion: 'none',
      keep: 'products',
      dropout,
      weightDecay: 0,
      maxGradNorm: 1,
    },
    checkpoint,
    {
      parameters: initialParameters(layout, [{ init: 'default', seed }], () => new Float32Array()),
      relativeRates: relativeLearningRates(layout, [1]),
      seed,
    },
  );
}

function losses(dropout: number, seed?: number): number[] {
  const trainer = newTrainer(dropout, seed);
  try {
    return Array.from({ length: 6 }, () => trainer.step([[blocks]], [0.01])[0]?.loss ?? NaN);
  } finally {
    trainer.dispose();
  }
}

test.each([0, 0.3])('the same seed gives the same losses, bit for bit (dropout %f)', (dropout) => {
  const first = losses(dropout);
  expect(losses(dropout)).toEqual(first);
  expect(losses(dropout, 2)).not.toEqual(first);
  expect(first.at(-1)).toBeLessThan(first[0] ?? 0);
});

test('dropout drops: the losses are others than without', () => {
  const [, without] = losses(0);
  const [, with30] = losses(0.3);
  expect(with30).not.toBe(without);
});

test('packed = unpacked: losses and gradients of a block are the sums over its sequences run alone', () => {
  const trainer = newTrainer(0);
  try {
    for (const block of blocks) {
      const sequences = alone(block);
      expect(sequences.length).toBeGreaterThan(1);
      const { loss, tokens } = trainer.evaluate([block]);
      const parts = sequences.map((sequence) => trainer.evaluate([sequence]));
      expect(parts.reduce((sum, part) => sum + part.tokens, 0)).toBe(tokens);
      const sum = parts.reduce((total, part) => total + part.loss * part.tokens, 0);
      expect(Math.abs(sum - loss * tokens) / (loss * tokens)).toBeLessThan(1e-6);

      const whole = trainer.gradient([block]);
      const added = new Float64Array(whole.length);
      for (const sequence of sequences) {
        const share = sequence.learnt / block.learnt;
        trainer.gradient([sequence]).forEach((value, i) => {
          added[i] = (added[i] ?? NaN) + share * value;
        });
      }
      expect(relativeDifference(whole, added)).toBeLessThan(1e-5);
    }
  } finally {
    trainer.dispose();
  }
});

test('micro-batches add up to one batch', () => {
  const whole = newTrainer(0);
  const parts = newTrainer(0);
  try {
    for (let step = 0; step < 4; step++) {
      const [expected] = whole.step([[blocks]], [0.01]);
      const [found] = parts.step([blocks.map((block) => [block])], [0.01]);
      expect(found?.loss).toBeCloseTo(expected?.loss ?? NaN, 5);
      expect(found?.gradientNorm).toBeCloseTo(expected?.gradientNorm ?? NaN, 4);
    }
  } finally {
    whole.dispose();
    parts.dispose();
  }
});

test('nothing is left in TensorFlow', () => {
  const binding = loadBinding();
  const count = () => [binding.getNumOfTensors(), binding.getNumOfSavedModels()];
  const before = count();
  const trainer = newTrainer(0);
  trainer.step([[blocks]], [0.01]);
  trainer.evaluate(blocks);
  trainer.parameters();
  trainer.dispose();
  expect(count()).toEqual(before);
});

test('a loss that is not finite stops the run at its step', async () => {
  const config: TrainingConfig = {
    ...trainingDefaults,
    lora: { ...trainingDefaults.lora, targets: 'all-linear' },
    name: '',
    model: '',
    data: '',
    validation: { kind: 'none' },
    duration: { kind: 'steps', steps: 9 },
    batchSize: 2,
    warmupSteps: 0,
    learningRate: 1e25,
    scheduler: 'constant',
  };
  const trainer = newTrainer(0);
  const steps: number[] = [];
  try {
    const [ending] = await runTraining(
      trainer,
      [
        {
          config,
          plan: planSteps(config, blocks.length),
          data: { blocks, validation: [], tooLong: 0 },
          emit: (event) => {
            if (event.kind === 'step') steps.push(event.point.step);
          },
        },
      ],
      new AbortController().signal,
    );
    expect(ending?.problem).toMatchObject({ code: 'train/loss-not-finite' });
    expect(ending?.problem?.where).toBe(`step ${steps.length + 1}`);
  } finally {
    trainer.dispose();
  }
});
