/** config.json of Qwen3: what missing keys mean, and the norms of its heads. */
import { expect, test } from 'vitest';
import { weightShapes } from '../../../../../src/main/engine/model/weight-shapes.ts';
import { problemOf } from '../../checkpoint/fixtures.ts';
import { parse } from './config.ts';

const qwen3 = { model_type: 'qwen3' };

test('missing keys are those of Qwen3Config in transformers: heads have a width of their own', () => {
  const model = parse({ ...qwen3, hidden_size: 1024 });
  expect(model.config).toMatchObject({ modelType: 'qwen3', numKeyValueHeads: 32, headDim: 128 });
});

test('queries and keys have norms of the width of a head', () => {
  const shapes = weightShapes(parse({ ...qwen3, num_key_value_heads: 8 }));
  expect(shapes.get('model.layers.3.self_attn.q_norm.weight')).toEqual([128]);
  expect(shapes.get('model.layers.3.self_attn.k_norm.weight')).toEqual([128]);
  expect([...shapes.keys()].some((name) => name.endsWith('.bias'))).toBe(false);
});

test('biases that are asked for are refused', async () => {
  const problem = await problemOf(() => parse({ ...qwen3, attention_bias: true }));
  expect(problem.what).toContain('attention_bias true');
});

test('the written config is read as the same model', () => {
  const model = parse({
    ...qwen3,
    head_dim: 64,
    num_key_value_heads: 8,
    tie_word_embeddings: true,
  });
  const again = parse(model.huggingFaceConfig('bfloat16'));
  // The keys of the windows are written out where they were missing.
  expect({ ...again.config, windows: null }).toEqual({ ...model.config, windows: null });
});
