/** Which experts a mixture's tokens went to while it trained, against transformers' own choices. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Block } from '../../../../src/main/engine/batch/block.ts';
import { ExpertCounts } from '../../../../src/main/engine/train/expert-counts.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { readFixture } from '../parity/fixtures.ts';
import { fromSettings, tinyTrainer } from '../parity/tiny-trainer.ts';

const routing = z.object({ layers: z.array(z.int()), counts: z.array(z.array(z.int())) });

/** The tokens as one sequence, with so much padding behind it. */
function blockOf(tokens: readonly number[], padding: number): Block {
  const places = tokens.map((_, i) => i);
  const filled = (values: readonly number[], value: number) =>
    Int32Array.from([...values, ...Array.from({ length: padding }, () => value)]);
  return {
    tokens: filled(tokens, 0),
    segments: filled(
      tokens.map(() => 1),
      0,
    ),
    positions: filled(places, 0),
    labels: filled(tokens, -100),
    lossCount: tokens.length,
  };
}

/** With an adapter on the queries, for one block at a time. */
function trainerFor(model: string, { tokens, lossCount }: Block) {
  const targets = [{ module: 'q_proj', layers: 'all' as const }];
  return tinyTrainer(fromSettings(model, { ...trainingDefaults.lora, rank: 2, targets }), {
    ...{ shape: { rows: 1, length: tokens.length }, capacity: lossCount },
    ...{ computeType: 'float32', fusion: 'none', keep: 'products', weightDecay: 0, maxGradNorm: 0 },
  });
}

test.each(['tiny-qwen2-moe', 'tiny-mixtral'])(
  '%s: each choice is counted, and padding is not',
  async (model) => {
    const expected = readFixture(`expected/${model}/experts.json`, routing);
    const tokens = readFixture(`expected/${model}/tokens.json`, z.array(z.int()));
    const block = blockOf(tokens, 16);
    const { trainer } = await trainerFor(model, block);
    try {
      // B is 0: the adapter has changed nothing where it is first computed with.
      trainer.step([[[block]]], [1e-3]);
      const { experts: use } = trainer.expertUse(0);
      expect(use.map(({ layer }) => layer)).toEqual(expected.layers);
      use.forEach(({ shares }, i) => {
        const counts = expected.counts[i] ?? [];
        const all = counts.reduce((sum, count) => sum + count, 0);
        // Told to four digits.
        shares.forEach((share, expert) => {
          expect(share).toBeCloseTo((counts[expert] ?? NaN) / all, 4);
        });
      });
      expect(trainer.expertUse(0)).toEqual({ experts: [], imbalance: null });
    } finally {
      trainer.dispose();
    }
  },
);

test('models without experts have nothing to count', () => {
  const counts = new ExpertCounts({ experts: null }, 1);
  expect(counts.take(0)).toEqual({ experts: [], imbalance: null });
});

test('a step that updates nobody is not counted', async () => {
  const model = 'tiny-mixtral';
  const block = blockOf(readFixture(`expected/${model}/tokens.json`, z.array(z.int())), 0);
  const { trainer } = await trainerFor(model, block);
  try {
    trainer.step([[[block]]], [1e38]);
    expect(trainer.expertUse(0).experts).not.toEqual([]);
    const [diverged] = trainer.step([[[block]]], [1e38]);
    expect(Number.isFinite(diverged?.gradientNorm)).toBe(false);
    expect(trainer.expertUse(0)).toEqual({ experts: [], imbalance: null });
  } finally {
    trainer.dispose();
  }
});
