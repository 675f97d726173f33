/** Fifty losses of AdamW on a fixed order of packed blocks, and the adapter after them, against torch.optim.AdamW with PEFT. */
import { describe, expect, test } from 'vitest';
import type { ComputeType } from '../../../../src/main/engine/model/base-weights.ts';
import './quick-compile.ts';
import { productsAreRounded } from './bfloat16-products.ts';
import { relativeDifference } from './difference.ts';
import { readTensors } from './fixtures.ts';
import { gap, meanGap, readCurve, trainCurve, type Curve, type Trained } from './loss-curves.ts';
import { curveTrainer, namedParts, type NamedPart } from './tiny-trainer.ts';

async function train(
  expected: Curve,
  computeType: ComputeType,
): Promise<Trained & { parts: NamedPart[] }> {
  const { trainer, layout } = await curveTrainer(expected, { computeType });
  try {
    const trained = trainCurve(trainer, expected);
    return { ...trained, parts: namedParts(layout, trainer.parameters()) };
  } finally {
    trainer.dispose();
  }
}

describe.each(['constant', 'cosine', 'linear-accumulated'])('%s', (name) => {
  const expected = readCurve(name);

  test('float32: losses, norms, learning rates and the adapter at the end are those of PyTorch', async () => {
    const { losses, rates, norms, parts } = await train(expected, 'float32');
    expect(losses).toHaveLength(50);
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
