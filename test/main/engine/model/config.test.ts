/** config.json: what is read, what is refused and under which name. */
import { describe, expect, test } from 'vitest';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { weightShapes } from '../../../../src/main/engine/model/weight-shapes.ts';
import { problemOf } from '../checkpoint/fixtures.ts';

/** Of heads with 16 numbers, where a family adds nothing. */
const plainNumbers = {
  ...{ queryScalar: 16, scoreCap: null, logitCap: null, embeddingScale: 1 },
  ...{ clip: null, experts: null },
};

const classic = {
  model_type: 'llama',
  vocab_size: 300,
  hidden_size: 64,
  intermediate_size: 160,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  rope_theta: 500000,
  tie_word_embeddings: true,
  hidden_act: 'silu',
  bos_token_id: 1,
  eos_token_id: [2, 3],
};

const parse = (json: Record<string, unknown>) => parseArchitecture(json, 'config.json').config;

test('the classic keys', () => {
  expect(parse(classic)).toEqual({
    modelType: 'llama',
    vocabSize: 300,
    hiddenSize: 64,
    intermediateSize: 160,
    numHiddenLayers: 2,
    numAttentionHeads: 4,
    numKeyValueHeads: 2,
    headDim: 16,
    maxPositionEmbeddings: 512,
    ...plainNumbers,
    rotations: {
      whole: { theta: 500000, scaling: null, dimensions: 16 },
      windowed: { theta: 500000, scaling: null, dimensions: 16 },
    },
    windows: { byLayer: [null, null], keys: {} },
    rmsNormEps: 1e-5,
    tieWordEmbeddings: true,
    bosTokenId: 1,
    eosTokenIds: [2, 3],
  });
});

test('defaults are those of transformers', () => {
  const { vocab_size, hidden_size, intermediate_size, num_hidden_layers } = classic;
  const config = parse({
    model_type: 'llama',
    vocab_size,
    hidden_size,
    intermediate_size,
    num_hidden_layers,
    num_attention_heads: 4,
    max_position_embeddings: 512,
  });
  expect(config).toMatchObject({
    numKeyValueHeads: 4,
    rotations: { whole: { theta: 10000 } },
    rmsNormEps: 1e-6,
    tieWordEmbeddings: false,
    bosTokenId: null,
    eosTokenIds: [],
  });
});

describe('rope', () => {
  const llama3 = {
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  };
  const scaling = {
    type: 'llama3',
    factor: 8,
    lowFreqFactor: 1,
    highFreqFactor: 4,
    originalMaxPositionEmbeddings: 8192,
  };

  test.each([
    ['rope_scaling with rope_type', { rope_scaling: { rope_type: 'llama3', ...llama3 } }, scaling],
    [
      'rope_parameters of transformers 5',
      {
        rope_theta: undefined,
        rope_parameters: { rope_type: 'llama3', rope_theta: 5e5, ...llama3 },
      },
      scaling,
    ],
    [
      'linear under the old key',
      { rope_scaling: { type: 'linear', factor: 2 } },
      { type: 'linear', factor: 2 },
    ],
    ['default', { rope_parameters: { rope_type: 'default', rope_theta: 5e5 } }, null],
  ])('%s', (_name, keys, expected) => {
    const config = parse({ ...classic, ...keys });
    expect(config).toMatchObject({ rotations: { whole: { theta: 500000, scaling: expected } } });
  });

  test.each([
    [{ rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'yarn'],
    [{ rope_scaling: { rope_type: 'llama3', factor: 4 } }, 'llama3'],
    [{ rope_theta: -1 }, 'rope_theta -1'],
  ])('refused: %o', async (keys, text) => {
    const problem = await problemOf(() => parse({ ...classic, ...keys }));
    expect(problem.code).toBe('checkpoint/unsupported-settings');
    expect(problem.what).toContain(text);
  });
});

test('settings that change the result are refused, all by name', async () => {
  const problem = await problemOf(() =>
    parse({
      ...classic,
      attention_bias: true,
      mlp_bias: true,
      hidden_act: 'gelu',
      partial_rotary_factor: 0.5,
      layer_types: ['full_attention', 'sliding_attention'],
      quantization_config: { quant_method: 'gptq' },
    }),
  );
  expect(problem.code).toBe('checkpoint/unsupported-settings');
  for (const name of [
    'attention_bias',
    'mlp_bias',
    'gelu',
    'partial_rotary_factor',
    'sliding_attention',
    'quantization_config',
  ]) {
    expect(problem.what).toContain(name);
  }
});

test('another architecture is named', async () => {
  const problem = await problemOf(() =>
    parseArchitecture({ ...classic, model_type: 'qwen9' }, '/m/config.json'),
  );
  expect(problem).toMatchObject({
    code: 'checkpoint/unknown-architecture',
    where: '/m/config.json',
  });
  expect(problem.what).toContain('qwen9');
});

test.each([
  [{ hidden_size: 'big', num_hidden_layers: 0 }, ['hidden_size', 'num_hidden_layers']],
  [{ num_attention_heads: 3 }, ['hidden_size 64 is not a multiple of 3 heads']],
  [{ num_key_value_heads: 3 }, ['4 heads cannot share 3']],
  [{ head_dim: 15 }, ['15 is odd']],
  [{ num_hidden_layers: 1e9 }, ['num_hidden_layers']],
])('sizes that cannot be true: %o', async (keys, texts) => {
  const problem = await problemOf(() => parse({ ...classic, ...keys }));
  expect(problem.code).toBe('checkpoint/bad-config');
  for (const text of texts) expect(problem.what).toContain(text);
});

test('weights and linear modules agree on their shapes', () => {
  const model = (tied: boolean) =>
    parseArchitecture({ ...classic, tie_word_embeddings: tied }, 'config.json');
  const shapes = weightShapes(model(false));
  expect(shapes.size).toBe(3 + 2 * 9);
  for (const module of model(false).linears) {
    expect(shapes.get(`model.layers.1.${module.path}.weight`)).toEqual([module.out, module.in]);
  }
  expect(shapes.get('model.layers.0.self_attn.k_proj.weight')).toEqual([32, 64]);
  expect(shapes.get('lm_head.weight')).toEqual([300, 64]);
  expect(weightShapes(model(true)).has('lm_head.weight')).toBe(false);
});
