/** Keys of config.json that are not those of the family: refused where they change the answers, told where nobody knows them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { quantisationOf } from '../../../../src/main/engine/checkpoint/quantisation.ts';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { fixtures, problemOf } from '../checkpoint/fixtures.ts';
import { parse } from './families/config.ts';

test.each([
  { attention_multiplier: 0.0078125 },
  { attn_logit_softcapping: 50 },
  { final_logit_softcapping: 30 },
  { query_pre_attn_scalar: 256 },
  { logit_scale: 0.0625 },
  { logits_scaling: 8 },
  { residual_multiplier: 0.22 },
  { embedding_multiplier: 12 },
  { rope_interleaved: true },
  { hidden_act: 'gelu' },
  { clip_qkv: 8 },
  { num_local_experts: 8 },
  { per_layer_config: { 1: { num_attention_heads: 2 } } },
  { mlp_bias: true },
])('refused by name in every family: %o', async (json) => {
  for (const model_type of ['llama', 'mistral', 'qwen2', 'qwen3']) {
    const problem = await problemOf(() => parse({ model_type, ...json }));
    expect(problem.code).toBe('checkpoint/unsupported-settings');
    expect(problem.what).toContain(Object.keys(json)[0]);
  }
});

test('a long value is cut in the message', async () => {
  const modules_to_not_convert = Array.from({ length: 99 }, (_, i) => `model.layers.${i}`);
  const json = { model_type: 'llama', quantization_config: { modules_to_not_convert } };
  const { what } = await problemOf(() => parse(json));
  expect(what).toContain('quantization_config {"modules_to_not_convert"');
  expect(what.length).toBeLessThan(250);
});

test('values that change nothing, and keys that have none to do with the answers, say nothing', () => {
  const { notices } = parse({
    model_type: 'llama',
    attn_logit_softcapping: null,
    logit_scale: 1,
    rope_interleaved: false,
    hidden_act: 'swish',
    pruned_heads: {},
    per_layer_config: {},
    attention_bias: false,
    attention_dropout: 0,
    pretraining_tp: 1,
    torch_dtype: 'bfloat16',
    'transformers.js_config': { kv_cache_dtype: {} },
    nobody_knows: null,
  });
  expect(notices).toEqual([]);
});

test('unknown keys are told by name, and the dropout of attention that training leaves out', () => {
  const json = { model_type: 'qwen2', swirl: 3, twist: [1], attention_dropout: 0.1 };
  const { notices } = parse(json);
  expect(notices).toHaveLength(2);
  expect(notices[0]).toContain('swirl; twist.');
  expect(notices[1]).toContain('attention_dropout 0.1');
});

test.each([
  ['rope_parameters', { rope_type: 'default', rope_theta: 500_000 }, 500_000],
  ['rope_scaling', { rope_type: 'linear', factor: 2, rope_theta: 500_000 }, 500_000],
])('a rope_theta beside another one of %s is told', (key, rope, theta) => {
  const model = parse({ model_type: 'qwen2', rope_theta: 10_000, [key]: rope });
  expect(model.attention(0).rotation?.theta).toBe(theta);
  expect(model.notices).toEqual([
    `The model's config.json has rope_theta 10000, and 500000 inside of ${key}: the second is used, as in transformers.`,
  ]);
  const same = parse({ model_type: 'qwen2', rope_theta: 500_000, [key]: rope });
  expect(same.notices).toEqual([]);
});

test.each([
  ['LlamaBidirectionalModel', 1],
  ['LlamaForTokenClassification', 1],
  ['LlamaForCausalLM', 0],
  ['LlamaModel', 0],
])('the class %s', (name, told) => {
  const { notices } = parse({ model_type: 'llama', architectures: [name] });
  expect(notices).toHaveLength(told);
  expect(notices.join()).toContain(told > 0 ? name : '');
});

test.each([
  ['tiny-gpt2', { attn_pdrop: 0.1, embd_pdrop: 0.2, resid_pdrop: 0.3 }],
  ['tiny-gpt-neox', { attention_dropout: 0.1, hidden_dropout: 0.2 }],
  ['tiny-mistral', { attention_dropout: 0.1 }],
])('%s: a written model keeps the dropout that the base says of its training', (name, dropout) => {
  const path = join(fixtures, 'models', name, 'config.json');
  const model = parseArchitecture({ ...readJsonObject(path), ...dropout }, path);
  expect(model.huggingFaceConfig('bfloat16')).toMatchObject(dropout);
});

test.each(readdirSync(join(fixtures, 'models')))(
  '%s: every key that transformers writes is known, and every key that is written here',
  (name) => {
    const path = join(fixtures, 'models', name, 'config.json');
    const { settings } = quantisationOf(readJsonObject(path), path);
    const model = parseArchitecture(settings, path);
    expect(model.notices).toEqual([]);
    expect(parseArchitecture(model.huggingFaceConfig('bfloat16'), path).notices).toEqual([]);
  },
);

test.each([
  [{ rms_norm_eps: null }, 'rms_norm_eps'],
  [{ tie_word_embeddings: null }, 'tie_word_embeddings'],
  [{ head_dim: null }, 'head_dim'],
])('a null that transformers does not read either: %o', async (json, text) => {
  const problem = await problemOf(() => parse({ model_type: 'qwen3', ...json }));
  expect(problem.code).toBe('checkpoint/bad-config');
  expect(problem.what).toContain(text);
});
