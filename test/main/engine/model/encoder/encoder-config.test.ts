/** config.json of encoders: keys that would change what is computed are refused, those that nobody knows are told. */
import { expect, test } from 'vitest';
import { parseArchitecture } from '../../../../../src/main/engine/model/families/index.ts';
import { readJsonObject } from '../../../../../src/main/engine/checkpoint/json-file.ts';
import { fixturePath } from '../../parity/fixtures.ts';
import { problemOf } from '../../checkpoint/fixtures.ts';

const parse = (name: string, json: Record<string, unknown>) => {
  const path = fixturePath(`classifiers/${name}/model/config.json`);
  return parseArchitecture({ ...readJsonObject(path), ...json }, path);
};
const all = ['tiny-bert', 'tiny-roberta', 'tiny-distilbert'];

test.each(all)('%s: every key that transformers writes is known', (name) => {
  const model = parse(name, {});
  expect(model.notices).toEqual([]);
  expect(parseArchitecture(model.huggingFaceConfig('float32'), name).notices).toEqual([]);
});

test.each(all)('%s: an unknown key and dropout that is not applied are told', (name) => {
  const { notices } = parse(name, { swirl: 3, attention_dropout: 0.1 });
  expect(notices[0]).toContain('swirl');
  expect(notices[1]).toContain('attention_dropout 0.1');
});

test.each([
  { position_embedding_type: 'relative_key' },
  { is_decoder: true },
  { is_causal: true },
  { add_cross_attention: true },
  { quantization_config: { bits: 4 } },
  { hidden_act: 'mish' },
])('refused by name: %o', async (json) => {
  const problem = await problemOf(() => parse('tiny-bert', json));
  expect(problem.code).toBe('checkpoint/unsupported-settings');
  expect(problem.what).toContain(Object.keys(json)[0]);
});

test('sizes that are missing or cannot be true', async () => {
  const missing = await problemOf(() => parse('tiny-distilbert', { dim: undefined }));
  expect(missing.what).toMatch(/dim/);
  const uneven = await problemOf(() => parse('tiny-bert', { num_attention_heads: 5 }));
  expect(uneven.what).toMatch(/not a multiple of 5 heads/);
});
