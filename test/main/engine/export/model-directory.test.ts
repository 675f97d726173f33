/** A model written as a Hugging Face directory is the same model when it is opened again. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import type { TensorSource } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { huggingFaceConfigText } from '../../../../src/main/engine/export/huggingface-config.ts';
import { writeModelDirectory } from '../../../../src/main/engine/export/model-directory.ts';
import { fixtures, temporaryFolder } from '../checkpoint/fixtures.ts';

function sources(checkpoint: Checkpoint): TensorSource[] {
  return [...checkpoint.tensors].map(([name, { shape }]) => ({
    name,
    shape,
    values: () => checkpoint.read(name),
  }));
}

const models = ['models/tiny-tied', 'models/tiny-llama3-rope', 'gguf/tiny-untied.gguf'];

test.each(models)('%s in float32', async (name) => {
  const base = await openCheckpoint(join(fixtures, name));
  const { architecture, tokenizer } = base;
  const folder = temporaryFolder();
  const progress: number[] = [];
  const bytes = await writeModelDirectory(
    folder,
    { architecture, tokenizer, dtype: 'float32' },
    sources(base),
    { onProgress: (done) => progress.push(done) },
  );
  expect(readdirSync(folder).sort()).toEqual([
    'chat_template.jinja',
    'config.json',
    'generation_config.json',
    'model.safetensors',
    'special_tokens_map.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  expect(bytes).toBe(readFileSync(join(folder, 'model.safetensors')).length);
  expect(progress).toEqual([...base.tensors.keys()].map((_, i) => i + 1));

  const written = await openCheckpoint(folder);
  expect(written.config).toEqual(base.config);
  expect(written.tokenizer.tokenizerJson).toEqual(tokenizer.tokenizerJson);
  expect(written.tokenizer.chatTemplate).toBe(tokenizer.chatTemplate);
  expect(written.tokenizer.generationConfig).toEqual(tokenizer.generationConfig);
  for (const [key, { shape }] of base.tensors) {
    expect(written.tensors.get(key)?.shape).toEqual(shape);
    expect(
      Buffer.from(written.read(key).slice().buffer).equals(
        Buffer.from(base.read(key).slice().buffer),
      ),
    ).toBe(true);
  }
  base.close();
  written.close();
});

test('tokenizer.json of a directory is copied as it is', async () => {
  const source = join(fixtures, 'models/tiny-tied');
  const base = await openCheckpoint(source);
  const { architecture, tokenizer } = base;
  const folder = temporaryFolder();
  await writeModelDirectory(folder, { architecture, tokenizer, dtype: 'bfloat16' }, sources(base));
  base.close();
  const [copy, original] = [folder, source].map((path) =>
    readFileSync(join(path, 'tokenizer.json'), 'utf8'),
  );
  expect(copy).toBe(original);
});

test('in shards, with an index that names the file of each tensor', async () => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-untied'));
  const { architecture, tokenizer } = base;
  const folder = temporaryFolder();
  await writeModelDirectory(folder, { architecture, tokenizer, dtype: 'bfloat16' }, sources(base), {
    shardBytes: 40_000,
  });
  const index = JSON.parse(readFileSync(join(folder, 'model.safetensors.index.json'), 'utf8')) as {
    metadata: { total_size: number };
    weight_map: Record<string, string>;
  };
  const shards = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  expect(shards).toEqual([
    'model-00001-of-00003.safetensors',
    'model-00002-of-00003.safetensors',
    'model-00003-of-00003.safetensors',
  ]);
  expect([...new Set(Object.values(index.weight_map))].sort()).toEqual(shards);
  expect(Object.keys(index.weight_map).sort()).toEqual([...base.tensors.keys()].sort());

  const written = await openCheckpoint(folder);
  let bytes = 0;
  for (const { storedAs, bytes: each } of written.tensors.values()) {
    expect(storedAs).toBe('BF16');
    bytes += each;
  }
  expect(bytes).toBe(index.metadata.total_size);
  base.close();
  written.close();
});

test('config.json has the keys of old and new transformers, and floats where they want floats', async () => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-llama3-rope'));
  const { architecture, tokenizer } = base;
  const folder = temporaryFolder();
  await writeModelDirectory(folder, { architecture, tokenizer, dtype: 'bfloat16' }, sources(base));
  base.close();
  const text = readFileSync(join(folder, 'config.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    torch_dtype: 'bfloat16',
    rope_scaling: { rope_type: 'llama3', original_max_position_embeddings: 64 },
  });
  expect(text).toContain('"rope_theta": 10000.0');
  expect(text).toContain('"factor": 8.0');
  expect(text).toContain('"original_max_position_embeddings": 64\n');
});

test('the caps of Gemma 2 and the range of OLMoE are floats: transformers 5 takes no others', async () => {
  const { architecture } = await openCheckpoint(join(fixtures, 'models/tiny-gemma2'));
  const text = huggingFaceConfigText(architecture, 'bfloat16');
  expect(text).toContain('"final_logit_softcapping": 3.0');
  expect(text).toContain('"query_pre_attn_scalar": 24,');
  const olmoe = await openCheckpoint(join(fixtures, 'models/tiny-olmoe'));
  expect(huggingFaceConfigText(olmoe.architecture, 'float32')).toContain('"clip_qkv": 1.0');
});

test('the token for padding is carried over: Phi-3 has one beyond small vocabularies where it is missing', async () => {
  const { architecture } = await openCheckpoint(join(fixtures, 'models/tiny-phi3'));
  expect(JSON.parse(huggingFaceConfigText(architecture, 'bfloat16'))).toMatchObject({
    pad_token_id: 2,
  });
});
