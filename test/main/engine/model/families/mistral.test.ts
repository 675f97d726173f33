/** config.json of Mistral: what missing keys mean, and windows. */
import { expect, test } from 'vitest';
import { problemOf } from '../../checkpoint/fixtures.ts';
import { parse, windowsOf } from './config.ts';

const mistral = { model_type: 'mistral' };

test('missing keys are those of MistralConfig in transformers', () => {
  expect(parse(mistral).config).toMatchObject({
    modelType: 'mistral',
    numKeyValueHeads: 8,
    headDim: 128,
    rmsNormEps: 1e-6,
    rotations: { whole: { theta: 10_000 } },
  });
  expect(parse({ ...mistral, num_key_value_heads: null }).config.numKeyValueHeads).toBe(32);
});

test.each([
  ['missing: that of the first Mistral', {}, [4096, 4096, 4096, 4096]],
  ['null: none', { sliding_window: null }, [null, null, null, null]],
  ['0: none', { sliding_window: 0 }, [null, null, null, null]],
  ['below 0: none', { sliding_window: -1 }, [null, null, null, null]],
  ['a width: in every layer', { sliding_window: 8 }, [8, 8, 8, 8]],
])('sliding_window %s', (_, json, expected) => {
  expect(windowsOf({ ...mistral, ...json })).toEqual(expected);
});

test('layer_types has the last word, as in transformers, which takes such a model for a Ministral', () => {
  const layer_types = ['full_attention', 'sliding_attention', 'full_attention', 'full_attention'];
  const json = { ...mistral, sliding_window: 8, layer_types };
  expect(windowsOf(json)).toEqual([null, 8, null, null]);
  expect(windowsOf(parse(json).huggingFaceConfig('float32'))).toEqual([null, 8, null, null]);
});

test.each([
  [{ sliding_window: 'wide' }, 'sliding_window "wide"'],
  // Transformers passes over both, so that nobody can say what is meant.
  [{ sliding_window: 8, use_sliding_window: false }, 'use_sliding_window false'],
  [{ sliding_window: 8, max_window_layers: 2 }, 'max_window_layers 2'],
])('refused: %o', async (json, text) => {
  const problem = await problemOf(() => parse({ ...mistral, ...json }));
  expect(problem.code).toBe('checkpoint/unsupported-settings');
  expect(problem.what).toContain(text);
});

test.each([{ sliding_window: 8 }, { sliding_window: null }, { sliding_window: 0 }, {}])(
  'the written config says the same: %o',
  (json) => {
    const model = parse({ ...mistral, ...json });
    const written = model.huggingFaceConfig('float32');
    expect(written).toMatchObject({ model_type: 'mistral', architectures: ['MistralForCausalLM'] });
    expect(windowsOf(written)).toEqual(windowsOf({ ...mistral, ...json }));
  },
);
