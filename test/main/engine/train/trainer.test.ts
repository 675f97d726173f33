/** Training as a whole: repeatable, nothing left behind, and stopped where it goes wrong. */
import { expect, test } from 'vitest';
import { loadBinding } from '../../../../src/main/engine/runtime/binding.ts';
import { runTraining } from '../../../../src/main/engine/train/run.ts';
import { ofCurves, ofGradients, ofLoss } from '../parity/bounds.ts';
import { relativeDifference } from '../parity/difference.ts';
import { alone } from '../parity/sequences.ts';
import { blocks, tinyRun, tinyTrainer } from './tiny-training.ts';

function losses(dropout: number, seed?: number): number[] {
  const trainer = tinyTrainer(seed === undefined ? { dropout } : { dropout, seed });
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
  const trainer = tinyTrainer();
  try {
    for (const block of blocks) {
      const sequences = alone(block);
      expect(sequences.length).toBeGreaterThan(1);
      const { loss, tokens } = trainer.evaluate([block]);
      const parts = sequences.map((sequence) => trainer.evaluate([sequence]));
      expect(parts.reduce((sum, part) => sum + part.tokens, 0)).toBe(tokens);
      const sum = parts.reduce((total, part) => total + part.loss * part.tokens, 0);
      expect(Math.abs(sum - loss * tokens) / (loss * tokens)).toBeLessThan(ofLoss);

      const { gradient: whole } = trainer.gradient([block]);
      const added = new Float64Array(whole.length);
      for (const sequence of sequences) {
        const share = sequence.lossCount / block.lossCount;
        trainer.gradient([sequence]).gradient.forEach((value, i) => {
          added[i] = (added[i] ?? NaN) + share * value;
        });
      }
      expect(relativeDifference(whole, added)).toBeLessThan(ofGradients);
    }
  } finally {
    trainer.dispose();
  }
});

test('micro-batches add up to one batch', () => {
  const whole = tinyTrainer();
  const parts = tinyTrainer();
  try {
    for (let step = 0; step < 4; step++) {
      const [expected] = whole.step([[blocks]], [0.01]);
      const [found] = parts.step([blocks.map((block) => [block])], [0.01]);
      for (const figure of ['loss', 'gradientNorm'] as const) {
        const ratio = (found?.[figure] ?? NaN) / (expected?.[figure] ?? NaN);
        // A difference of one step grows in the next ones; see ofCurves.
        expect(Math.abs(ratio - 1), figure).toBeLessThan(step === 0 ? ofGradients : ofCurves);
      }
    }
  } finally {
    whole.dispose();
    parts.dispose();
  }
});

test('nothing is left in TensorFlow', () => {
  const binding = loadBinding();
  const count = () => [binding.getNumOfTensors(), binding.getNumOfSavedModels()];
  const train = () => {
    const trainer = tinyTrainer();
    trainer.step([[blocks]], [0.01]);
    trainer.evaluate(blocks);
    trainer.parameters();
    trainer.dispose();
  };
  // The program itself is kept for the next trainer.
  train();
  const before = count();
  train();
  expect(count()).toEqual(before);
});

test('a loss that is not finite stops the run at its step', async () => {
  const trainer = tinyTrainer();
  const steps: number[] = [];
  const wild = { duration: { kind: 'steps', steps: 9 }, learningRate: 1e25 } as const;
  const run = tinyRun(wild, (event) => {
    if (event.kind === 'step') steps.push(event.point.step);
  });
  try {
    const { signal } = new AbortController();
    const { kind, endings } = await runTraining(trainer, [run], { signal });
    // Nothing keeps a state that it could go on from.
    expect(kind).toBe('over');
    const [ending] = endings;
    expect(ending?.problem).toMatchObject({ code: 'train/loss-not-finite' });
    expect(ending?.problem?.where).toContain(`step ${steps.length + 1}, `);
    expect(ending?.problem?.where).toMatch(/_proj of layer [01]$/);
  } finally {
    trainer.dispose();
  }
});
