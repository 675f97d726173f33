/** Loss curves of AdamW on a fixed order of packed blocks, against torch.optim.AdamW with PEFT. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scheduler } from '../../../../src/shared/contract/training-config.ts';
import type { ComputeType } from '../../../../src/main/engine/model/base-weights.ts';
import { lossCapacity } from '../../../../src/main/engine/score/loss.ts';
import { scheduleFactor } from '../../../../src/main/engine/train/schedule.ts';
import { mostLearnt } from '../../../../src/main/engine/train/trainer.ts';
import './quick-compile.ts';
import { blockFixture } from './block-fixture.ts';
import { productsAreRounded } from './bfloat16-products.ts';
import { relativeDifference } from './difference.ts';
import { readFixture, readTensors } from './fixtures.ts';
import { namedParts, tinyTrainer, type NamedPart } from './tiny-trainer.ts';

const data = readFixture(
  'expected/losses/data.json',
  z.object({
    adapter: z.string(),
    batches: z.array(z.array(z.int())),
    blocks: z.array(blockFixture),
  }),
);
const curve = z.object({
  steps: z.int(),
  learningRate: z.number(),
  scheduler,
  warmupSteps: z.int(),
  weightDecay: z.number(),
  maxGradNorm: z.number(),
  gradientAccumulation: z.int(),
  losses: z.array(z.number()),
  learningRates: z.array(z.number()),
  gradientNorms: z.array(z.number()),
  /** Mean distance from `losses` of several PyTorch runs in bfloat16. */
  bfloat16Distances: z.array(z.number()),
});
type Curve = z.output<typeof curve>;
type Trained = { losses: number[]; rates: number[]; norms: number[]; parts: NamedPart[] };

/** Trains as the curve says, with the blocks in the fixture's order. */
async function train(expected: Curve, computeType: ComputeType): Promise<Trained> {
  const { trainer, layout } = await tinyTrainer(data.adapter, {
    shape: { rows: 2, length: 32 },
    capacity: lossCapacity(mostLearnt(data.blocks, 2)),
    fusion: 'islands',
    keep: 'products',
    weightDecay: expected.weightDecay,
    maxGradNorm: expected.maxGradNorm,
    computeType,
  });
  const batches = data.batches.map((batch) => batch.map((index) => blockAt(index)));
  const trained: Trained = { losses: [], rates: [], norms: [], parts: [] };
  try {
    for (let step = 0; step < expected.steps; step++) {
      const first = step * expected.gradientAccumulation;
      const micro = Array.from({ length: expected.gradientAccumulation }, (_, i) => {
        return batches[(first + i) % batches.length] ?? [];
      });
      const factor = scheduleFactor(expected.scheduler, step, expected.warmupSteps, expected.steps);
      const rate = expected.learningRate * factor;
      const [result] = trainer.step([micro], [rate]);
      trained.rates.push(rate);
      trained.losses.push(result?.loss ?? NaN);
      trained.norms.push(result?.gradientNorm ?? NaN);
    }
    trained.parts = namedParts(layout, trainer.parameters());
  } finally {
    trainer.dispose();
  }
  return trained;
}

function blockAt(index: number) {
  const block = data.blocks[index];
  if (!block) throw new Error(`the fixture has no block ${index}`);
  return block;
}

/** Largest difference of two curves, in nats. */
function gap(found: readonly number[], expected: readonly number[]): number {
  return Math.max(...expected.map((value, i) => Math.abs((found[i] ?? NaN) - value)));
}

/** Mean difference of two curves, in nats. */
function meanGap(found: readonly number[], expected: readonly number[]): number {
  const sum = expected.reduce((total, value, i) => total + Math.abs((found[i] ?? NaN) - value), 0);
  return sum / expected.length;
}

describe.each(['constant', 'cosine', 'linear-accumulated'])('%s', (name) => {
  const expected = readFixture(`expected/losses/${name}.json`, curve);

  test('float32: losses, norms, learning rates and the adapter at the end are those of PyTorch', async () => {
    const { losses, rates, norms, parts } = await train(expected, 'float32');
    expect(gap(losses, expected.losses)).toBeLessThan(1e-3);
    expect(relativeDifference(norms, expected.gradientNorms)).toBeLessThan(1e-3);
    expect(relativeDifference(rates, expected.learningRates)).toBeLessThan(1e-12);
    const tensors = readTensors(`expected/losses/${name}.safetensors`);
    expect(parts).toHaveLength(tensors.size);
    for (const { name: tensor, values } of parts) {
      expect(relativeDifference(values, tensors.get(tensor) ?? []), tensor).toBeLessThan(1e-3);
    }
  });

  test('bfloat16: as near to float32 as PyTorch in bfloat16 is', async () => {
    const { losses } = await train(expected, 'bfloat16');
    // Known difference: see productsAreRounded.
    const allowance = productsAreRounded() ? 1 : 2;
    const yardstick = Math.max(...expected.bfloat16Distances);
    expect(meanGap(losses, expected.losses)).toBeLessThan(allowance * yardstick);
  });
});
