/** Loss and gradients of A and B for packed blocks, against PyTorch + PEFT run sequence by sequence. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { KeepPolicy } from '../../../../src/main/engine/graph/gradients/keep.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import type { ComputeType } from '../../../../src/main/engine/model/base-weights.ts';
import { lossCapacity } from '../../../../src/main/engine/score/loss.ts';
import { mostLearnt } from '../../../../src/main/engine/train/trainer.ts';
import './quick-compile.ts';
import { blockFixture } from './block-fixture.ts';
import { productsAreRounded } from './bfloat16-products.ts';
import { relativeDifference } from './difference.ts';
import { readFixture, readTensors } from './fixtures.ts';
import { namedParts, tinyTrainer, type NamedPart } from './tiny-trainer.ts';

const fixture = readFixture(
  'expected/gradients/batch.json',
  z.object({
    loss: z.number(),
    adapter: z.string(),
    bfloat16GradientDistances: z.array(z.number()),
    blocks: z.array(blockFixture),
  }),
);
const expected = readTensors('expected/gradients/gradients.safetensors');

type Computed = { loss: number; gradients: NamedPart[] };

async function compute(
  fusion: Fusion,
  keep: KeepPolicy,
  computeType: ComputeType,
): Promise<Computed> {
  const { blocks, adapter } = fixture;
  const { trainer, layout } = await tinyTrainer(adapter, {
    shape: { rows: 2, length: 32 },
    capacity: lossCapacity(mostLearnt(blocks, 2)),
    weightDecay: 0,
    maxGradNorm: 0,
    ...{ computeType, fusion, keep },
  });
  try {
    const { loss } = trainer.evaluate(blocks);
    return { loss, gradients: namedParts(layout, trainer.gradient(blocks)) };
  } finally {
    trainer.dispose();
  }
}

describe('float32 has the loss and the gradients of PyTorch', () => {
  const placements: [Fusion, KeepPolicy][] = [
    ['none', 'all'],
    ['islands', 'all'],
    ['islands', 'products'],
    ['islands', 'inputs'],
    ['layers', 'inputs'],
  ];

  test.each(placements)('fusion %s, keeping %s', async (fusion, keep) => {
    const { loss, gradients } = await compute(fusion, keep, 'float32');
    expect(Math.abs(loss - fixture.loss)).toBeLessThan(1e-5);
    expect(gradients.map(({ name }) => name).sort()).toEqual([...expected.keys()].sort());
    for (const { name, values } of gradients) {
      const difference = relativeDifference(values, expected.get(name) ?? []);
      expect(difference, name).toBeLessThan(1e-4);
    }
  });
});

test('bfloat16 is as near to float32 as PyTorch in bfloat16 is', async () => {
  const { gradients } = await compute('islands', 'products', 'bfloat16');
  let difference = 0;
  let norm = 0;
  for (const { name, values } of gradients) {
    expected.get(name)?.forEach((value, i) => {
      difference += ((values[i] ?? NaN) - value) ** 2;
      norm += value ** 2;
    });
  }
  // Known difference: see productsAreRounded.
  const allowance = productsAreRounded() ? 1 : 1.5;
  const yardstick = Math.max(...fixture.bfloat16GradientDistances);
  expect(Math.sqrt(difference / norm)).toBeLessThan(allowance * yardstick);
});
