/**
 * Whole models against PyTorch + PEFT, however the work is done: where XLA compiles, what is kept for the backward pass, how
 * the sequences of a step are packed and in how many passes they come.
 */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Block } from '../../../../src/main/engine/batch/block.ts';
import type { KeepPolicy } from '../../../../src/main/engine/graph/gradients/keep.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import { tinyModels } from '../../../support/tiny-models.ts';
import { blockFixture } from './block-fixture.ts';
import { ofCurves, ofGradients, ofLoss } from './bounds.ts';
import { relativeDifference } from './difference.ts';
import { readFixture, readTensors } from './fixtures.ts';
import { gap, inGroups, readCurve, trainCurve } from './loss-curves.ts';
import { alone } from './sequences.ts';
import { curveTrainer, namedParts } from './tiny-trainer.ts';

const fusions: Fusion[] = ['none', 'islands', 'layers'];
const keeps: KeepPolicy[] = ['all', 'products', 'inputs'];

describe.each(tinyModels)('$model', ({ gradients, curve }) => {
  const batch = readFixture(
    `expected/${gradients}/batch.json`,
    z.object({ loss: z.number(), blocks: z.array(blockFixture) }),
  );
  const expected = readTensors(`expected/${gradients}/gradients.safetensors`);
  const expectedCurve = readCurve(curve);
  /** Of every policy: all agree with each other. */
  const curves: number[][] = [];
  const vectors: Float32Array[] = [];

  const policies = fusions.flatMap((fusion) => keeps.map((keep) => ({ fusion, keep })));
  test.each(policies)('fusion $fusion, keeping $keep', async (policy) => {
    const { trainer, layout } = await curveTrainer(expectedCurve, policy);
    try {
      expect(Math.abs(trainer.evaluate(batch.blocks).loss / batch.loss - 1)).toBeLessThan(ofLoss);
      const { gradient: vector } = trainer.gradient(batch.blocks);
      const parts = namedParts(layout, vector);
      expect(parts.map(({ name }) => name).sort()).toEqual([...expected.keys()].sort());
      for (const { name, values } of parts) {
        expect(relativeDifference(values, expected.get(name) ?? []), name).toBeLessThan(
          ofGradients,
        );
      }
      const { losses, norms } = trainCurve(trainer, expectedCurve);
      expect(gap(losses, expectedCurve.losses)).toBeLessThan(ofCurves);
      expect(relativeDifference(norms, expectedCurve.gradientNorms)).toBeLessThan(ofCurves);
      curves.push(losses);
      vectors.push(vector);
    } finally {
      trainer.dispose();
    }
  });

  test('all policies agree with each other', () => {
    expect(vectors).toHaveLength(policies.length);
    for (const vector of vectors) {
      expect(relativeDifference(vector, vectors[0] ?? [])).toBeLessThan(ofGradients);
    }
    for (const losses of curves) expect(gap(losses, curves[0] ?? [])).toBeLessThan(ofCurves);
  });

  // Packed, in one pass: above.
  /** The most sequences in two blocks of the fixture, each in a block of its own. */
  const rows = 8;
  const presentations: [string, number, (blocks: readonly Block[]) => Block[][]][] = [
    ['packed, in two passes', 1, (blocks) => inGroups(blocks, 1)],
    ['unpacked, in one pass', rows, (blocks) => [blocks.flatMap(alone)]],
    ['unpacked, in several passes', 3, (blocks) => inGroups(blocks.flatMap(alone), 3)],
  ];
  test.each(presentations)('%s', async (_, rowsInPass, split) => {
    const shape = { rows: rowsInPass, length: 32 };
    const { trainer } = await curveTrainer(expectedCurve, { shape, fusion: 'none' });
    try {
      const { losses } = trainCurve(trainer, expectedCurve, split);
      expect(gap(losses, expectedCurve.losses)).toBeLessThan(ofCurves);
    } finally {
      trainer.dispose();
    }
  });
});
