/** Rotary positions of config.json in every family, held against what transformers 5 makes of the same keys. */
import { describe, expect, test } from 'vitest';
import { problemOf } from '../checkpoint/fixtures.ts';
import { parse } from './families/config.ts';

const families = ['llama', 'mistral', 'qwen2', 'qwen3'];
const llama3 = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 };
const scaledFrom = (originalMaxPositionEmbeddings: number) => ({
  type: 'llama3',
  factor: 8,
  lowFreqFactor: 1,
  highFreqFactor: 4,
  originalMaxPositionEmbeddings,
});
const linear = { type: 'linear', factor: 2 };

function rotationOf(model_type: string, json: Record<string, unknown>) {
  return parse({ model_type, head_dim: 128, ...json }).attention(0).rotation;
}

describe.each(families)('%s', (family) => {
  test.each([
    ['nothing: base 10000', {}, 1e4, null],
    ['the classic keys', { rope_theta: 5e5, rope_scaling: linear }, 5e5, linear],
    ['rope_parameters', { rope_parameters: { rope_type: 'default', rope_theta: 5e5 } }, 5e5, null],
    [
      'the base inside of rope_scaling wins',
      { rope_theta: 7, rope_scaling: { ...linear, rope_theta: 5e5 } },
      5e5,
      linear,
    ],
    ['the base beside rope_parameters', { rope_theta: 5e5, rope_parameters: linear }, 5e5, linear],
    ['a null scaling', { rope_theta: 5e5, rope_scaling: null, rope_parameters: null }, 5e5, null],
    [
      'an empty scaling',
      { rope_scaling: {}, rope_parameters: { ...linear, rope_theta: 5e5 } },
      5e5,
      linear,
    ],
    [
      'both keys with the same',
      {
        rope_theta: 5e5,
        rope_scaling: linear,
        rope_parameters: { rope_type: 'linear', factor: 2, rope_theta: 5e5 },
      },
      5e5,
      linear,
    ],
    [
      'rope_type beside an older type',
      { rope_scaling: { ...linear, rope_type: 'linear' } },
      1e4,
      linear,
    ],
    ['llama3 from max_position_embeddings', { rope_scaling: llama3 }, 1e4, scaledFrom(512)],
    [
      'llama3, the original length beside',
      {
        original_max_position_embeddings: 64,
        rope_scaling: { ...llama3, original_max_position_embeddings: 128 },
      },
      1e4,
      scaledFrom(64),
    ],
  ])('%s', (_, json, theta, scaling) => {
    const expected = { theta, scaling, dimensions: 128 };
    expect(rotationOf(family, json)).toEqual(expected);
    const written = parse({ model_type: family, head_dim: 128, ...json }).huggingFaceConfig(
      'float32',
    );
    expect(rotationOf(family, written)).toEqual(expected);
  });
});

test.each([
  [{ rope_scaling: { type: 'yarn', factor: 4 } }, 'yarn'],
  [{ rope_scaling: { rope_type: 'dynamic', factor: 4 } }, 'dynamic'],
  // Its name is told however long its lists are.
  [{ rope_scaling: { long_factor: Array(48).fill(1.5), type: 'longrope' } }, '"longrope"'],
  [{ rope_scaling: { type: 'linear' } }, '"linear"'],
  [{ rope_scaling: 'linear' }, 'linear'],
  [{ rope_scaling: { ...linear, attention_factor: 2 } }, 'attention_factor'],
  [{ rope_scaling: { ...linear, partial_rotary_factor: 0.5 } }, 'partial_rotary_factor'],
  [{ rope_theta: null }, 'rope_theta null'],
  [{ rope_theta: 5e5, rope_scaling: { ...linear, rope_theta: null } }, 'rope_theta null'],
  [
    { rope_parameters: { full_attention: { rope_type: 'default', rope_theta: 1e6 } } },
    'full_attention',
  ],
  [
    { rope_scaling: linear, rope_parameters: { rope_type: 'default', rope_theta: 7e5 } },
    'rope_scaling and a rope_parameters',
  ],
])('refused: %o', async (json, text) => {
  const problem = await problemOf(() => rotationOf('qwen3', json));
  expect(problem.code).toBe('checkpoint/unsupported-settings');
  expect(problem.what).toContain(text);
});
