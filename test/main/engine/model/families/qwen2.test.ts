/** config.json of Qwen2: what missing keys mean, windows of the upper layers, biases. */
import { expect, test } from 'vitest';
import { weightShapes } from '../../../../../src/main/engine/model/weight-shapes.ts';
import { problemOf } from '../../checkpoint/fixtures.ts';
import { parse, windowsOf } from './config.ts';

const qwen2 = { model_type: 'qwen2' };
const none = [null, null, null, null];

test('missing keys are those of Qwen2Config in transformers', () => {
  expect(parse(qwen2).config).toMatchObject({
    modelType: 'qwen2',
    numKeyValueHeads: 32,
    headDim: 128,
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
  });
});

test('q, k and v have biases, o has none', () => {
  const shapes = weightShapes(parse({ ...qwen2, num_key_value_heads: 2 }));
  expect(shapes.get('model.layers.1.self_attn.q_proj.bias')).toEqual([4096]);
  expect(shapes.get('model.layers.1.self_attn.k_proj.bias')).toEqual([256]);
  expect(shapes.has('model.layers.1.self_attn.o_proj.bias')).toBe(false);
});

test.each([
  ['without use_sliding_window there is none', { sliding_window: 8 }, none],
  [
    'above max_window_layers',
    { use_sliding_window: true, sliding_window: 8, max_window_layers: 3 },
    [null, null, null, 8],
  ],
  [
    '28 layers without, where that is missing',
    { use_sliding_window: true, sliding_window: 8 },
    none,
  ],
  [
    '4096 where the width is missing',
    { use_sliding_window: true, max_window_layers: 3 },
    [null, null, null, 4096],
  ],
  [
    'none where the width is null',
    { use_sliding_window: true, sliding_window: null, max_window_layers: 1 },
    none,
  ],
  [
    'none where the width is 0',
    { use_sliding_window: true, sliding_window: 0, max_window_layers: 1 },
    none,
  ],
  [
    'layer_types has the last word',
    {
      use_sliding_window: true,
      sliding_window: 8,
      max_window_layers: 3,
      layer_types: ['sliding_attention', 'full_attention', 'full_attention', 'full_attention'],
    },
    [8, null, null, null],
  ],
])('windows: %s', (_, json, expected) => {
  expect(windowsOf({ ...qwen2, ...json })).toEqual(expected);
  const written = parse({ ...qwen2, ...json }).huggingFaceConfig('float32');
  expect(windowsOf(written)).toEqual(expected);
  // To transformers 0 is a width.
  expect(written['sliding_window']).not.toBe(0);
});

test.each([
  [{ layer_types: ['full_attention'] }, 'layer_types ["full_attention"]'],
  [
    { layer_types: ['linear_attention', 'full_attention', 'full_attention', 'full_attention'] },
    'linear_attention',
  ],
  [
    { layer_types: ['sliding_attention', 'full_attention', 'full_attention', 'full_attention'] },
    'no sliding_window',
  ],
  [{ use_sliding_window: null }, 'use_sliding_window null'],
  [{ use_sliding_window: true, max_window_layers: null }, 'max_window_layers null'],
  [{ use_sliding_window: 'yes' }, 'use_sliding_window "yes"'],
  [{ use_sliding_window: true, max_window_layers: 'two' }, 'max_window_layers "two"'],
])('refused: %o', async (json, text) => {
  const problem = await problemOf(() => parse({ ...qwen2, ...json }));
  expect(problem.code).toBe('checkpoint/unsupported-settings');
  expect(problem.what).toContain(text);
});
