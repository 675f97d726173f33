/** Training on a base that is held packed is training on the same values held dense, number for number. */
import { describe, expect, test } from 'vitest';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import type { KeepPolicy } from '../../../../src/main/engine/graph/gradients/keep.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import type { LoraSettings } from '../../../../src/shared/contract/training-config.ts';
import { packedCheckpoint } from '../../../support/packed-checkpoint.ts';
import { curveBlocks, readCurve, trainCurve } from './loss-curves.ts';
import { curveTrainer, fromSettings } from './tiny-trainer.ts';

type Policy = { fusion: Fusion; keep: KeepPolicy };

const policies: Policy[] = [
  { fusion: 'none', keep: 'all' },
  { fusion: 'islands', keep: 'inputs' },
];

const curve = readCurve('cosine');

/** The gradient before the first step, the adapters' change of each row after three, and their losses. */
async function trained(
  model: string,
  lora: Partial<LoraSettings>,
  policy: Policy,
  heldAs: (checkpoint: Checkpoint) => Checkpoint,
) {
  const start = fromSettings(model, { ...trainingDefaults.lora, rank: 4, ...lora });
  const { trainer } = await curveTrainer(curve, policy, start, heldAs);
  try {
    const { gradient } = trainer.gradient(curveBlocks.slice(0, 2));
    const { losses } = trainCurve(trainer, { ...curve, steps: 3 });
    return { gradient, losses, state: trainer.adapterState() };
  } finally {
    trainer.dispose();
  }
}

async function bothWays(model: string, lora: Partial<LoraSettings>, policy: Policy) {
  const packed = await trained(model, lora, policy, (each) => packedCheckpoint(each).packed);
  const dense = await trained(model, lora, policy, (each) => packedCheckpoint(each).dense);
  expect(packed.losses).toEqual(dense.losses);
  expect(packed.gradient).toEqual(dense.gradient);
  expect(packed.state.changes).toEqual(dense.state.changes);
  expect(packed.state.base).toEqual(dense.state.base);
  expect(dense.gradient.some((value) => value !== 0)).toBe(true);
}

// A product sees the same numbers, whatever they were held as. Where XLA makes the products it may sum in another order.
describe('every kind of layer', () => {
  test.each([
    'tiny-gemma3',
    // Matrices that the files hold the other way round.
    'tiny-gpt2',
    // Experts, and with them products of runs of rows.
    'tiny-qwen2-moe',
  ])('%s', async (model) => {
    await bothWays(model, {}, { fusion: 'none', keep: 'inputs' });
  });
});

describe.each(policies)('fusion $fusion, keeping $keep', (policy) => {
  test('LoRA and DoRA', async () => {
    await bothWays('tiny-untied', {}, policy);
    await bothWays('tiny-untied', { useDora: true, init: 'pissa' }, policy);
  });
});
