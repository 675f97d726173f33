/** LoRA on a base that bitsandbytes has quantised to NF4, against PEFT on Linear4bit with float32 as its compute type. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { mostLosses } from '../../../../src/main/engine/batch/most-losses.ts';
import { causalLm } from '../../../../src/main/engine/task/causal-lm.ts';
import { blockFixture } from './block-fixture.ts';
import { ofCurves, ofGradients, ofLogits, ofLoss } from './bounds.ts';
import { relativeDifference } from './difference.ts';
import { readFixture, readTensors } from './fixtures.ts';
import { gap, readCurve, trainCurve } from './loss-curves.ts';
import { modelLogits } from './model-logits.ts';
import { curveTrainer, fromFixture, namedParts, tinyTrainer } from './tiny-trainer.ts';

const model = 'tiny-tied-nf4';
const adapter = 'all-linear';
const expected = readTensors('expected/bitsandbytes/adapted.safetensors');

test('logits with an adapter', async () => {
  const tokens = readFixture(`expected/${model}/tokens.json`, z.array(z.int())).slice(0, 24);
  const asked = { model: `models/${model}`, adapter: `adapters/${adapter}`, tokens };
  const found = await modelLogits({ ...asked, fusion: 'none' });
  expect(relativeDifference(found, expected.get('logits') ?? [])).toBeLessThan(ofLogits);
});

test('gradients of the adapter', async () => {
  const batch = z.object({ loss: z.number(), blocks: z.array(blockFixture) });
  const { loss, blocks } = readFixture('expected/bitsandbytes/batch.json', batch);
  const { trainer, layout } = await tinyTrainer(fromFixture(adapter, model), {
    shape: { rows: 2, length: 32 },
    capacity: causalLm.capacityFor(mostLosses(blocks, 2)),
    ...{ weightDecay: 0, maxGradNorm: 0 },
    ...{ computeType: 'float32', fusion: 'islands', keep: 'inputs' },
  });
  try {
    const found = trainer.gradient(blocks);
    expect(Math.abs(found.loss / loss - 1)).toBeLessThan(ofLoss);
    const parts = namedParts(layout, found.gradient);
    expect(parts).toHaveLength(expected.size - 1);
    for (const { name, values } of parts) {
      expect(relativeDifference(values, expected.get(name) ?? []), name).toBeLessThan(ofGradients);
    }
  } finally {
    trainer.dispose();
  }
});

test('fifty losses', async () => {
  const curve = readCurve('losses', 'bitsandbytes');
  const { trainer } = await curveTrainer(curve, {}, fromFixture(adapter, model));
  try {
    const { losses, norms } = trainCurve(trainer, curve);
    expect(losses).toHaveLength(50);
    expect(gap(losses, curve.losses)).toBeLessThan(ofCurves);
    expect(relativeDifference(norms, curve.gradientNorms)).toBeLessThan(ofCurves);
    // On the weights before they were quantised it is another curve.
    expect(gap(losses, readCurve('cosine').losses)).toBeGreaterThan(10 * ofCurves);
  } finally {
    trainer.dispose();
  }
});
