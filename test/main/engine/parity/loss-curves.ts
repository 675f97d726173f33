/** The loss curves that test/oracle/make_losses.py writes, and the same run here. */
import { z } from 'zod';
import type { Block } from '../../../../src/main/engine/batch/block.ts';
import { scheduleFactor } from '../../../../src/main/engine/train/schedule.ts';
import type { Trainer } from '../../../../src/main/engine/train/trainer.ts';
import { scheduler } from '../../../../src/shared/contract/training-config.ts';
import { blockFixture } from './block-fixture.ts';
import { readFixture } from './fixtures.ts';

const data = z.object({ batches: z.array(z.array(z.int())), blocks: z.array(blockFixture) });
const shared = readFixture('expected/losses/data.json', data);

/** All blocks that the curves without data of their own learn from. */
export const curveBlocks: readonly Block[] = shared.blocks;

const curve = data.partial().extend({
  /** Of test/fixtures/adapters. */
  adapter: z.string(),
  steps: z.int(),
  learningRate: z.number(),
  loraPlusRatio: z.number(),
  scheduler,
  warmupSteps: z.int(),
  weightDecay: z.number(),
  maxGradNorm: z.number(),
  gradientAccumulation: z.int(),
  losses: z.array(z.number()),
  learningRates: z.array(z.number()),
  gradientNorms: z.array(z.number()),
  /** Mean distance from `losses` of several PyTorch runs in bfloat16. */
  bfloat16Distances: z.array(z.number()).default([]),
});
export type Curve = z.output<typeof curve>;

export function readCurve(name: string, folder = 'losses'): Curve {
  return readFixture(`expected/${folder}/${name}.json`, curve);
}

export type Trained = { losses: number[]; rates: number[]; norms: number[] };

/**
 * Trains as the curve says, with the blocks in the fixture's order. `split` cuts the blocks of a step into the
 * micro-batches that the trainer is given: as the curve says, unless it is told otherwise.
 */
export function trainCurve(
  trainer: Trainer,
  expected: Curve,
  split: (blocks: readonly Block[]) => Block[][] = (blocks) => inGroups(blocks, 2),
): Trained {
  const trained: Trained = { losses: [], rates: [], norms: [] };
  const {
    steps,
    gradientAccumulation,
    batches = shared.batches,
    blocks: all = curveBlocks,
  } = expected;
  for (let step = 0; step < steps; step++) {
    const blocks = Array.from({ length: gradientAccumulation }, (_, i) => {
      const at = (step * gradientAccumulation + i) % batches.length;
      return (batches[at] ?? []).flatMap((index) => all[index] ?? []);
    });
    const factor = scheduleFactor(expected.scheduler, step, expected.warmupSteps, steps);
    const rate = expected.learningRate * factor;
    const [result] = trainer.step([blocks.flatMap(split)], [rate]);
    trained.rates.push(rate);
    trained.losses.push(result?.loss ?? NaN);
    trained.norms.push(result?.gradientNorm ?? NaN);
  }
  return trained;
}

/** The blocks, so many at a time. */
export function inGroups(blocks: readonly Block[], size: number): Block[][] {
  return Array.from({ length: Math.ceil(blocks.length / size) }, (_, i) =>
    blocks.slice(i * size, (i + 1) * size),
  );
}

/** Largest difference of two curves, in nats. NaN where their lengths differ, or there is nothing in them. */
export function gap(found: readonly number[], expected: readonly number[]): number {
  if (expected.length === 0 || found.length !== expected.length) return NaN;
  return Math.max(...expected.map((value, i) => Math.abs((found[i] ?? NaN) - value)));
}

/** Mean difference of two curves, in nats; NaN as `gap` is. */
export function meanGap(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return NaN;
  const sum = expected.reduce((total, value, i) => total + Math.abs((found[i] ?? NaN) - value), 0);
  return sum / expected.length;
}
