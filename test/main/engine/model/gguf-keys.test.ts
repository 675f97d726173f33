/** Keys of GGUF files that no family reads: refused where llama.cpp computes by them, told where nobody knows them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { ggufFamily, parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { checkGgufKeys } from '../../../../src/main/engine/model/gguf-keys.ts';
import { ggufValues } from '../../../../src/main/engine/model/gguf-values.ts';
import { after, brokenCopy, fixtures, problemOf } from '../checkpoint/fixtures.ts';

const told = (keys: Record<string, unknown>, seen: readonly string[] = []) =>
  checkGgufKeys({ 'general.architecture': 'llama', ...keys }, new Set(seen), 'm.gguf');

test.each([
  ['llama.attention.scale', 0.5],
  ['llama.attention.causal', false],
  ['llama.attention.clamp_kqv', 8],
  ['llama.rope.scaling.attn_factor', 2],
  ['llama.logit_scale', 0.0625],
  ['llama.final_logit_softcapping', 30],
  ['llama.expert_weights_scale', 2.5],
  ['llama.expert_gating_func', 2],
  ['llama.use_parallel_residual', true],
  ['llama.rope.dimension_sections', [1, 2]],
  ['general.type', 'adapter'],
])('%s %j is refused by name', async (key, value) => {
  const problem = await problemOf(() => told({ [key]: value }));
  expect(problem).toMatchObject({ code: 'checkpoint/unsupported-settings', where: 'm.gguf' });
  expect(problem.what).toContain(key);
  // A family that reads the key decides itself.
  if (key !== 'general.type') expect(told({ [key]: value }, [key])).toEqual([]);
});

test('values that change nothing, and keys that tell nothing new, say nothing', () => {
  const keys = {
    ...{ 'llama.attention.causal': true, 'llama.attention.clamp_kqv': 0, 'llama.logit_scale': 1 },
    ...{ 'llama.expert_gating_func': 1n, 'llama.vocab_size': 288n, 'llama.context_length': 64n },
    ...{ 'general.type': 'model', 'general.name': 'A model', 'tokenizer.ggml.model': 'gpt2' },
  };
  expect(told(keys)).toEqual([]);
});

test('keys that nobody knows are told', () => {
  expect(told({ 'llama.swirl': 3, 'llama.attention.twist': 1 })).toEqual([
    expect.stringMatching(/does not know .*: llama\.swirl; llama\.attention\.twist\.$/),
  ]);
});

test('they are told where a file is opened', async () => {
  const path = brokenCopy(join(fixtures, 'gguf/tiny-untied.gguf'), (bytes) => {
    bytes.write('swirl_size', after(bytes, 'llama.vocab_size') - 'vocab_size'.length);
    return bytes;
  });
  const checkpoint = await openCheckpoint(path);
  checkpoint.close();
  expect(checkpoint.architecture.notices).toEqual([expect.stringContaining('llama.swirl_size')]);
});

const files = readdirSync(join(fixtures, 'gguf')).filter((name) => name.endsWith('.gguf'));
test.each(files)('%s: every key that a converter writes is known', async (name) => {
  const checkpoint = await openCheckpoint(join(fixtures, 'gguf', name));
  checkpoint.close();
  expect(checkpoint.architecture.notices.join()).not.toMatch(/does not know/);
});

test.each(['linear', 'yarn'])('rotations of GPT-NeoX that are stretched: %s', async (type) => {
  const metadata = {
    'general.architecture': 'gptneox',
    ...{ 'gptneox.context_length': 64, 'gptneox.embedding_length': 32, 'gptneox.block_count': 2 },
    ...{ 'gptneox.feed_forward_length': 96, 'gptneox.attention.head_count': 4 },
    'gptneox.attention.layer_norm_epsilon': 1e-5,
    ...{ 'gptneox.rope.scaling.type': type, 'gptneox.rope.scaling.factor': 4 },
  };
  const file = { metadata, value: ggufValues(metadata), vocabSize: 288, hasOutput: true };
  const parse = () => {
    const json = ggufFamily('gptneox', 'm.gguf').config({ ...file, read: () => null }, 'm.gguf');
    return parseArchitecture(json, 'm.gguf');
  };
  if (type === 'linear') {
    expect(parse().attention(0).rotation?.scaling).toEqual({ type: 'linear', factor: 4 });
  } else {
    expect((await problemOf(parse)).what).toContain('yarn');
  }
});
