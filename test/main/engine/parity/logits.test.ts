/** Logits of whole models, with and without adapters, against transformers and PEFT. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import {
  doraAdapters,
  expertAdapters,
  ggufModels,
  readModels,
  tinyModels,
  variantModels,
} from '../../../support/tiny-models.ts';
import { bfloat16Allowance } from './bfloat16-products.ts';
import { ofLogits } from './bounds.ts';
import { relativeDifference, relativeDistance } from './difference.ts';
import { fixturePath, readFixture, readTensors } from './fixtures.ts';
import { modelLogits, type Asked } from './model-logits.ts';

const fusions: readonly Fusion[] = ['none', 'islands', 'layers'];
const tokensOf = (model: string) => readFixture(`expected/${model}/tokens.json`, z.array(z.int()));

const everyWay = (names: readonly string[]) =>
  names.flatMap((name) => fusions.map((fusion) => [name, fusion] as const));
const unfused = (names: readonly string[]) => names.map((name) => [name, 'none'] as const);

describe('base models', () => {
  test.each([
    ...everyWay(tinyModels.map(({ model }) => model)),
    ...unfused(variantModels.map(({ model }) => model)),
    ...unfused(readModels),
  ])('%s, fusion %s', async (name, fusion) => {
    const model = `models/${name}`;
    const found = await modelLogits({ model, adapter: null, tokens: tokensOf(name), fusion });
    const expected = readTensors(`expected/${name}/logits.safetensors`).get('logits') ?? [];
    expect(relativeDifference(found, expected)).toBeLessThan(ofLogits);
  });
});

test.each(ggufModels)('%s out of a GGUF file', async (name) => {
  const model = `gguf/${name}.gguf`;
  const found = await modelLogits({ model, adapter: null, tokens: tokensOf(name), fusion: 'none' });
  const expected = readTensors(`expected/${name}/logits.safetensors`).get('logits') ?? [];
  expect(relativeDifference(found, expected)).toBeLessThan(ofLogits);
});

describe('with an adapter that PEFT wrote', () => {
  /** The adapter on its own model, on the tokens of its fixture. */
  function askedOf(adapter: string, fusion: Fusion): Asked {
    const model = readAdapter(fixturePath(`adapters/${adapter}`)).baseModel ?? '';
    const tokens = tokensOf(model).slice(0, 24);
    return { model: `models/${model}`, adapter: `adapters/${adapter}`, tokens, fusion };
  }
  /** Of each model alone, on the tokens of its adapters; computed once. */
  const alone = new Map<string, Promise<Float32Array>>();
  function baseLogits({ model, tokens }: Asked): Promise<Float32Array> {
    const found = alone.get(model) ?? modelLogits({ model, tokens, adapter: null, fusion: 'none' });
    alone.set(model, found);
    return found;
  }
  /** One adapter in two files has one fixture. */
  const expectedOf = (adapter: string) =>
    readTensors(`expected/adapter-${adapter.replace(/-apart$/, '')}/logits.safetensors`);

  test.each([
    ...everyWay([...tinyModels.map(({ adapter }) => adapter), ...doraAdapters]),
    ...unfused(variantModels.map(({ adapter }) => adapter)),
    ...unfused(['patterns', 'layers', 'rslora', 'regex', 'together', 'pissa', 'olora']),
    ...unfused([...expertAdapters, 'tiny-qwen2-moe-all-linear']),
  ])('%s, fusion %s', async (adapter, fusion) => {
    const asked = askedOf(adapter, fusion);
    const found = await modelLogits(asked);
    const expected = expectedOf(adapter);
    expect(relativeDifference(found, expected.get('logits') ?? [])).toBeLessThan(ofLogits);
    expect(relativeDifference(found, expected.get('merged.logits') ?? [])).toBeLessThan(ofLogits);
    // The adapter does something: without it the logits are others.
    expect(relativeDifference(await baseLogits(asked), found)).toBeGreaterThan(0.05);
  });

  test.each([
    ['all-linear', 'islands'] as const,
    ['untied', 'layers'] as const,
    ...unfused(tinyModels.map(({ adapter }) => adapter)),
  ])('%s in bfloat16, fusion %s: as near as PyTorch is', async (adapter, fusion) => {
    const found = await modelLogits({ ...askedOf(adapter, fusion), precision: 'bfloat16' });
    const { distances } = readFixture(
      `expected/adapter-${adapter}/bfloat16.json`,
      z.object({ distances: z.array(z.number()) }),
    );
    const allowance = bfloat16Allowance();
    const expected = expectedOf(adapter).get('logits') ?? [];
    expect(relativeDistance([[found, expected]])).toBeLessThan(allowance * Math.max(...distances));
  });
});
