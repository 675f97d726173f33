/** Logits of whole models, with and without adapters, against transformers and PEFT. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import { productsAreRounded } from './bfloat16-products.ts';
import { ofLogits } from './bounds.ts';
import { relativeDifference, relativeDistance } from './difference.ts';
import { fixturePath, readFixture, readTensors } from './fixtures.ts';
import { modelLogits, type Asked } from './model-logits.ts';

const tokensOf = (model: string) => readFixture(`expected/${model}/tokens.json`, z.array(z.int()));

describe('base models', () => {
  test.each([
    ['tiny-tied', 'none'],
    ['tiny-tied', 'islands'],
    ['tiny-tied', 'layers'],
    ['tiny-untied', 'none'],
    ['tiny-llama3-rope', 'none'],
    ['tiny-untied-bf16-sharded', 'none'],
  ] as const)('%s, fusion %s', async (model, fusion) => {
    const found = await modelLogits({ model, adapter: null, tokens: tokensOf(model), fusion });
    const expected = readTensors(`expected/${model}/logits.safetensors`).get('logits') ?? [];
    expect(relativeDifference(found, expected)).toBeLessThan(ofLogits);
  });
});

describe('with an adapter that PEFT wrote', () => {
  /** The adapter on its own model, on the tokens of its fixture. */
  function askedOf(adapter: string, fusion: Fusion): Asked {
    const model = readAdapter(fixturePath(`adapters/${adapter}`)).baseModel ?? '';
    const tokens = tokensOf(model).slice(0, 24);
    return { model, adapter: `adapters/${adapter}`, tokens, fusion };
  }
  /** Of each model alone, on the tokens of its adapters; computed once. */
  const alone = new Map<string, Promise<Float32Array>>();
  function baseLogits({ model, tokens }: Asked): Promise<Float32Array> {
    const found = alone.get(model) ?? modelLogits({ model, tokens, adapter: null, fusion: 'none' });
    alone.set(model, found);
    return found;
  }
  const expectedOf = (adapter: string) =>
    readTensors(`expected/adapter-${adapter}/logits.safetensors`);

  test.each([
    ['all-linear', 'none'],
    ['all-linear', 'islands'],
    ['all-linear', 'layers'],
    ['untied', 'none'],
    ['untied', 'islands'],
    ['untied', 'layers'],
    ['patterns', 'none'],
    ['layers', 'none'],
    ['rslora', 'none'],
    ['dora', 'none'],
    ['dora', 'islands'],
    ['dora', 'layers'],
    ['regex', 'none'],
    ['together', 'none'],
    ['pissa', 'none'],
    ['olora', 'none'],
  ] as const)('%s, fusion %s', async (adapter, fusion) => {
    const asked = askedOf(adapter, fusion);
    const found = await modelLogits(asked);
    const expected = expectedOf(adapter);
    expect(relativeDifference(found, expected.get('logits') ?? [])).toBeLessThan(ofLogits);
    expect(relativeDifference(found, expected.get('merged.logits') ?? [])).toBeLessThan(ofLogits);
    // The adapter does something: without it the logits are others.
    expect(relativeDifference(await baseLogits(asked), found)).toBeGreaterThan(0.05);
  });

  test.each([
    ['all-linear', 'none'],
    ['all-linear', 'islands'],
    ['untied', 'layers'],
  ] as const)('%s in bfloat16, fusion %s: as near as PyTorch is', async (adapter, fusion) => {
    const found = await modelLogits({ ...askedOf(adapter, fusion), precision: 'bfloat16' });
    const { distances } = readFixture(
      `expected/adapter-${adapter}/bfloat16.json`,
      z.object({ distances: z.array(z.number()) }),
    );
    // Known difference: see productsAreRounded.
    const allowance = productsAreRounded() ? 1 : 1.5;
    const expected = expectedOf(adapter).get('logits') ?? [];
    expect(relativeDistance([[found, expected]])).toBeLessThan(allowance * Math.max(...distances));
  });
});
