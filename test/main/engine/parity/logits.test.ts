/** Logits of whole models in float32, with and without adapters, against transformers and PEFT. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import { withModel } from '../../../../src/main/engine/commands/open-model.ts';
import { lossCapacity } from '../../../../src/main/engine/score/loss.ts';
import { Scorer } from '../../../../src/main/engine/score/scorer.ts';
import { relativeDifference } from './difference.ts';
import { fixturePath, readFixture, readTensors } from './fixtures.ts';

const tokensOf = (model: string) => readFixture(`expected/${model}/tokens.json`, z.array(z.int()));

type Asked = { model: string; adapter: string | null; tokens: readonly number[]; fusion: Fusion };

function logits({ model, adapter, tokens, fusion }: Asked): Promise<Float32Array> {
  const adapters =
    adapter === null ? [] : [{ path: fixturePath(`adapters/${adapter}`), weight: 1 }];
  const source = { model: fixturePath(`models/${model}`), adapters, precision: 'float32' } as const;
  return withModel(source, ({ checkpoint, bank, gates, computeType }) => {
    const { config } = checkpoint;
    const shape = { rows: 1, length: tokens.length };
    const scorer = new Scorer(
      { config, layout: bank.layout, shape, capacity: lossCapacity(1), computeType, fusion },
      checkpoint,
      { parameters: bank.parameters, gates },
    );
    try {
      return scorer.logits(tokens);
    } finally {
      scorer.dispose();
    }
  });
}

describe('base models', () => {
  test.each([
    ['tiny-tied', 'none'],
    ['tiny-tied', 'islands'],
    ['tiny-tied', 'layers'],
    ['tiny-untied', 'none'],
    ['tiny-llama3-rope', 'none'],
    ['tiny-untied-bf16-sharded', 'none'],
  ] as const)('%s, fusion %s', async (model, fusion) => {
    const found = await logits({ model, adapter: null, tokens: tokensOf(model), fusion });
    const expected = readTensors(`expected/${model}/logits.safetensors`).get('logits') ?? [];
    expect(relativeDifference(found, expected)).toBeLessThan(1e-5);
  });
});

describe('with an adapter that PEFT wrote', () => {
  const tokens = tokensOf('tiny-tied').slice(0, 24);

  test.each(['all-linear', 'patterns', 'layers', 'rslora', 'dora', 'regex'])(
    '%s',
    async (adapter) => {
      const asked = { model: 'tiny-tied', tokens, fusion: 'none' } as const;
      const found = await logits({ ...asked, adapter });
      const expected = readTensors(`expected/adapter-${adapter}/logits.safetensors`);
      expect(relativeDifference(found, expected.get('logits') ?? [])).toBeLessThan(1e-5);
      expect(relativeDifference(found, expected.get('merged.logits') ?? [])).toBeLessThan(1e-5);
      // The adapter does something: without it the logits are others.
      const base = await logits({ ...asked, adapter: null });
      expect(relativeDifference(base, found)).toBeGreaterThan(0.05);
    },
  );
});
