/** Classifiers against transformers and PEFT: logits, merged ones too, gradients and fifty losses, with sequences packed into blocks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mostLosses } from '../../../../src/main/engine/batch/most-losses.ts';
import { padBlocks } from '../../../../src/main/engine/batch/pack.ts';
import { accountForFiles } from '../../../../src/main/engine/export/account-files.ts';
import { writeMergedModel } from '../../../../src/main/engine/export/merge-model.ts';
import { Scorer } from '../../../../src/main/engine/score/scorer.ts';
import { scheduleFactor } from '../../../../src/main/engine/train/schedule.ts';
import { Trainer } from '../../../../src/main/engine/train/trainer.ts';
import { scheduler } from '../../../../src/shared/contract/training-config.ts';
import { classifierFixture, numbersOf, openClassifier } from './classifiers.ts';
import { relativeDifference } from './difference.ts';
import { readFixture } from './fixtures.ts';
import { gap } from './loss-curves.ts';
import { namedParts } from './tiny-trainer.ts';

const length = 32;
const names = [
  'tiny-bert',
  'tiny-bert-multi-label',
  'tiny-bert-regression',
  'tiny-roberta',
  'tiny-distilbert',
  'tiny-qwen3-score',
];
type Opened = Awaited<ReturnType<typeof openClassifier>>;

/** Their order in the blocks is that of the file only where each has a block of its own. */
function logitsOf({ checkpoint, architecture, task, bank, sequences }: Opened): Float32Array {
  const { blocks } = padBlocks(sequences, length);
  const scorer = new Scorer(
    {
      ...{ architecture, task, layout: bank.layout, computeType: 'float32', fusion: 'islands' },
      shape: { rows: 3, length },
      capacity: task.capacityFor(3),
    },
    checkpoint,
    { parameters: bank.parameters, gates: [1] },
  );
  try {
    return scorer.outputs(blocks);
  } finally {
    scorer.dispose();
  }
}

describe.each(names)('%s', (name) => {
  test('has the logits of transformers', async () => {
    const opened = await openClassifier(name, false);
    const expected = numbersOf(name, 'logits.safetensors').get('logits') ?? [];
    expect(relativeDifference(logitsOf(opened), expected)).toBeLessThan(1e-5);
    opened.checkpoint.close();
  });
});

describe.each(names)('%s with the adapter of PEFT', (name) => {
  test('has its logits', async () => {
    const opened = await openClassifier(name, true);
    const expected = numbersOf(name, 'logits.safetensors').get('adapter.logits') ?? [];
    expect(relativeDifference(logitsOf(opened), expected)).toBeLessThan(1e-5);
    opened.checkpoint.close();
  });

  test('merged has the logits of PEFT’s merge', async () => {
    const { checkpoint, adapter } = await openClassifier(name, true);
    const folder = mkdtempSync(join(tmpdir(), 'lorikeet-classifier-'));
    try {
      await writeMergedModel(folder, checkpoint, adapter, 'float32', () => undefined);
      const account = accountForFiles(folder, checkpoint, adapter, 'float32');
      expect(account.failures).toEqual([]);
      const merged = await openClassifier(name, false, folder);
      const expected = numbersOf(name, 'logits.safetensors').get('merged.logits') ?? [];
      expect(relativeDifference(logitsOf(merged), expected)).toBeLessThan(1e-5);
      merged.checkpoint.close();
    } finally {
      checkpoint.close();
      rmSync(folder, { recursive: true });
    }
  });

  test('has the loss, the gradients and fifty losses', async () => {
    const opened = await openClassifier(name, true);
    const { checkpoint, architecture, task, bank, sequences } = opened;
    const { loss, batches } = classifierFixture(name);
    const packed = task.arrange(sequences, length).blocks;
    expect(packed.length).toBeLessThan(sequences.length);
    const curve = readFixture(
      `classifiers/${name}/losses.json`,
      z.object({
        ...{ steps: z.int(), learningRate: z.number(), scheduler, warmupSteps: z.int() },
        ...{ weightDecay: z.number(), maxGradNorm: z.number(), losses: z.array(z.number()) },
      }),
    );
    const trainer = new Trainer(
      {
        ...{ architecture, task, layout: bank.layout, computeType: 'float32', fusion: 'islands' },
        ...{ keep: 'products', dropout: 0 },
        ...{ weightDecay: curve.weightDecay, maxGradNorm: curve.maxGradNorm },
        shape: { rows: packed.length, length },
        capacity: task.capacityFor(mostLosses(packed, packed.length)),
      },
      checkpoint,
      {
        parameters: bank.parameters,
        relativeRates: new Float32Array(bank.layout.size).fill(1),
        seed: 0,
      },
    );
    try {
      expect(Math.abs(trainer.evaluate(packed).loss - loss)).toBeLessThan(1e-5 * Math.abs(loss));
      const expected = numbersOf(name, 'gradients.safetensors');
      const parts = namedParts(bank.layout, trainer.gradient(packed).gradient);
      expect(parts.map((part) => part.name).sort()).toEqual([...expected.keys()].sort());
      for (const part of parts) {
        const difference = relativeDifference(part.values, expected.get(part.name) ?? []);
        expect(difference, part.name).toBeLessThan(1e-4);
      }
      const losses = Array.from({ length: curve.steps }, (_, step) => {
        const own = (batches[step % batches.length] ?? []).flatMap((i) => sequences[i] ?? []);
        const factor = scheduleFactor(curve.scheduler, step, curve.warmupSteps, curve.steps);
        const blocks = task.arrange(own, length).blocks;
        const [result] = trainer.step([[blocks]], [curve.learningRate * factor]);
        return result?.loss ?? NaN;
      });
      expect(gap(losses, curve.losses)).toBeLessThan(1e-3);
    } finally {
      trainer.dispose();
      checkpoint.close();
    }
  });
});
