/** Hugging Face directories as transformers writes them, whole, in shards, and with something missing. */
import { copyFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { isTransposed } from '../../../../src/main/engine/model/architecture.ts';
import { transposed } from '../../../../src/main/engine/numbers/transpose.ts';
import { tinyModels, variantModels } from '../../../support/tiny-models.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';

const models = join(fixtures, 'models');

function copyOf(name: string): string {
  const folder = join(temporaryFolder(), name);
  cpSync(join(models, name), folder, { recursive: true });
  return folder;
}

function editJson(path: string, change: (json: Record<string, unknown>) => unknown): void {
  const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  change(json);
  writeFileSync(path, JSON.stringify(json));
}

const names = [...tinyModels, ...variantModels].map(({ model }) => model);

test.each([...names, 'tiny-llama3-rope', 'tiny-untied-bf16-sharded'])(
  '%s opens with every weight',
  async (name) => {
    const checkpoint = await openCheckpoint(join(models, name));
    expect(checkpoint.format).toBe('huggingface');
    const { output } = checkpoint.architecture.outside;
    expect(checkpoint.tensors.has(output ?? '')).toBe(!checkpoint.config.tieWordEmbeddings);
    for (const [tensor, { shape }] of checkpoint.tensors) {
      const values = checkpoint.read(tensor);
      expect(values.length).toBe(shape.reduce((product, size) => product * size, 1));
    }
    expect(checkpoint.tokenizer.chatTemplate).toContain('messages');
    expect(checkpoint.tokenizer.tokenizerJson['model']).toBeDefined();
    checkpoint.close();
  },
);

test('the bfloat16 shards hold the rounded weights of the float32 file', async () => {
  const whole = await openCheckpoint(join(models, 'tiny-untied'));
  const sharded = await openCheckpoint(join(models, 'tiny-untied-bf16-sharded'));
  expect([...sharded.tensors.keys()].sort()).toEqual([...whole.tensors.keys()].sort());
  for (const name of whole.tensors.keys()) {
    const rounded = sharded.read(name);
    const far = whole.read(name).filter((value, i) => {
      return Math.abs((rounded[i] ?? NaN) - value) > Math.abs(value) * 2 ** -8;
    });
    expect([name, far.length]).toEqual([name, 0]);
  }
  whole.close();
  sharded.close();
});

test.each([NaN, Infinity])('a weight with %s in it is named when it is read', async (value) => {
  const folder = copyOf('tiny-untied');
  const path = join(folder, 'model.safetensors');
  const bytes = readFileSync(path);
  bytes.writeFloatLE(value, bytes.length - 4);
  writeFileSync(path, bytes);
  const checkpoint = await openCheckpoint(folder);
  const problem = await problemOf(() => {
    for (const name of checkpoint.tensors.keys()) checkpoint.read(name);
  });
  checkpoint.close();
  expect(problem).toMatchObject({ code: 'checkpoint/not-finite', where: folder });
  expect(problem.what).toContain('model.norm.weight');
});

test('a weight that only the index of several files has is named', async () => {
  const folder = copyOf('tiny-untied-bf16-sharded');
  const extra = 'model.layers.0.self_attn.q_proj.extra';
  editJson(join(folder, 'model.safetensors.index.json'), (json) => {
    const map = json['weight_map'] as Record<string, string>;
    map[extra] = Object.values(map)[0] ?? '';
  });
  const problem = await problemOf(() => openCheckpoint(folder));
  expect(problem).toMatchObject({ code: 'checkpoint/misfit' });
  expect(problem.what).toContain(`${extra} is named in model.safetensors.index.json`);
});

test('rope parameters of transformers 5 are read', async () => {
  const checkpoint = await openCheckpoint(join(models, 'tiny-llama3-rope'));
  checkpoint.close();
  expect(checkpoint.config).toMatchObject({
    rotations: { whole: { scaling: { type: 'llama3', factor: 8 } } },
  });
});

test('tokens that end an answer come from both configs', async () => {
  const folder = copyOf('tiny-tied');
  editJson(join(folder, 'generation_config.json'), (json) => (json['eos_token_id'] = [2, 0]));
  const checkpoint = await openCheckpoint(folder);
  checkpoint.close();
  expect(checkpoint.config.eosTokenIds).toEqual([2, 0]);
});

test('the chat template may also be in tokenizer_config.json, alone or among several', async () => {
  const folder = copyOf('tiny-tied');
  rmSync(join(folder, 'chat_template.jinja'));
  const named = [
    { name: 'tool_use', template: 'T' },
    { name: 'default', template: 'D' },
  ];
  for (const [value, expected] of [
    ['S', 'S'],
    [named, 'D'],
    [null, null],
  ]) {
    editJson(join(folder, 'tokenizer_config.json'), (json) => (json['chat_template'] = value));
    const checkpoint = await openCheckpoint(folder);
    expect(checkpoint.tokenizer.chatTemplate).toBe(expected);
    checkpoint.close();
  }
});

describe('refused', () => {
  test('a config that does not fit the weights, with every misfit', async () => {
    const folder = copyOf('tiny-untied');
    editJson(join(folder, 'config.json'), (json) => {
      json['intermediate_size'] = 97;
      json['num_hidden_layers'] = 3;
    });
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem.code).toBe('checkpoint/misfit');
    expect(problem.what).toContain(
      'model.layers.0.mlp.gate_proj.weight has the shape [96, 32] instead of [97, 32]',
    );
    expect(problem.what).toMatch(/and \d+ more/);
  });

  test('a weight that the config has no use for', async () => {
    const folder = copyOf('tiny-untied');
    editJson(join(folder, 'config.json'), (json) => (json['num_hidden_layers'] = 1));
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem.what).toContain('model.layers.1.mlp.down_proj.weight is not part of');
  });

  test('a shard that is missing', async () => {
    const folder = copyOf('tiny-untied-bf16-sharded');
    rmSync(join(folder, 'model-00002-of-00003.safetensors'));
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem.code).toBe('checkpoint/missing-files');
    expect(problem.what).toContain('model-00002-of-00003.safetensors');
  });

  test('an index that leads out of the folder', async () => {
    const folder = copyOf('tiny-untied-bf16-sharded');
    editJson(join(folder, 'model.safetensors.index.json'), (json) => {
      json['weight_map'] = { 'model.norm.weight': '../secret.safetensors' };
    });
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem.code).toBe('checkpoint/bad-json');
  });

  test('an index that is about other files than it names is told, and what they hold is read', async () => {
    const folder = copyOf('tiny-untied-bf16-sharded');
    const path = join(folder, 'model.safetensors.index.json');
    const whole = await openCheckpoint(folder);
    expect(whole.architecture.notices).toEqual([]);
    whole.close();
    editJson(path, (json) => {
      const map = { ...(json['weight_map'] as Record<string, string>) };
      delete map['model.norm.weight'];
      const elsewhere = Object.values(map).find((file) => file !== map['lm_head.weight']);
      json['weight_map'] = { ...map, 'lm_head.weight': elsewhere };
    });
    const other = await openCheckpoint(folder);
    other.close();
    expect(other.tensors).toEqual(whole.tensors);
    const [leftOut, misplaced, ...more] = other.architecture.notices;
    expect(leftOut).toContain('model.norm.weight');
    expect(misplaced).toContain('lm_head.weight');
    expect(more).toEqual([]);
  });

  test('shards beside those that the index names are told', async () => {
    const folder = copyOf('tiny-untied-bf16-sharded');
    const shard = 'model-00001-of-00003.safetensors';
    copyFileSync(join(folder, shard), join(folder, 'model-00004-of-00004.safetensors'));
    const opened = await openCheckpoint(folder);
    opened.close();
    expect(opened.architecture.notices).toEqual([
      expect.stringContaining('model-00004-of-00004.safetensors') as string,
    ]);
  });

  test('shards beside a whole file, which is read alone, are told', async () => {
    const folder = copyOf('tiny-untied-bf16-sharded');
    cpSync(join(models, 'tiny-untied/model.safetensors'), join(folder, 'model.safetensors'));
    const opened = await openCheckpoint(folder);
    opened.close();
    expect(opened.architecture.notices).toEqual([
      expect.stringMatching(/shards beside its model\.safetensors, .* alone .*model-00001-of-/),
    ]);
  });

  test('weights that are only there as pickles', async () => {
    const folder = copyOf('tiny-tied');
    renameSync(join(folder, 'model.safetensors'), join(folder, 'pytorch_model.bin'));
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem.code).toBe('checkpoint/no-weights');
    expect(problem.what).toContain('pytorch_model.bin');
  });

  test('damaged JSON, with the file', async () => {
    const folder = copyOf('tiny-tied');
    writeFileSync(join(folder, 'config.json'), '{"model_type": "llama", ');
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem).toMatchObject({
      code: 'checkpoint/bad-json',
      where: join(folder, 'config.json'),
    });
  });

  test('no tokenizer.json, but only when the tokenizer is asked for', async () => {
    const folder = copyOf('tiny-tied');
    rmSync(join(folder, 'tokenizer.json'));
    const checkpoint = await openCheckpoint(folder);
    expect(checkpoint.read('model.norm.weight').length).toBe(64);
    const problem = await problemOf(() => checkpoint.tokenizer);
    checkpoint.close();
    expect(problem.code).toBe('checkpoint/tokenizer-missing');
  });
});

/** A safetensors file of one float32 tensor. */
function writeTensor(path: string, name: string, shape: number[], values: Float32Array): void {
  const entry = { dtype: 'F32', shape, data_offsets: [0, values.byteLength] };
  const header = Buffer.from(JSON.stringify({ [name]: entry }));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(path, Buffer.concat([size, header, Buffer.from(values.buffer)]));
}

/** A copy of a tiny model in two files, of which the second holds one more tensor. */
async function withMore(model: string, tensor: string, change: number): Promise<string> {
  const folder = copyOf(model);
  const base = await openCheckpoint(folder);
  const values = base.read('model.embed_tokens.weight').map((value) => value + change);
  const { vocabSize, hiddenSize } = base.config;
  base.close();
  renameSync(join(folder, 'model.safetensors'), join(folder, 'a.safetensors'));
  writeTensor(join(folder, 'b.safetensors'), tensor, [vocabSize, hiddenSize], values);
  const weight_map = { 'model.norm.weight': 'a.safetensors', [tensor]: 'b.safetensors' };
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));
  return folder;
}

test('an output matrix beside a tied embedding has to be that embedding', async () => {
  const same = await openCheckpoint(await withMore('tiny-tied', 'lm_head.weight', 0));
  same.close();
  expect(same.tensors.has('lm_head.weight')).toBe(false);
  const other = await withMore('tiny-tied', 'lm_head.weight', 1);
  const problem = await problemOf(() => openCheckpoint(other));
  expect(problem.code).toBe('checkpoint/misfit');
  expect(problem.what).toMatch(/lm_head.weight has other values than model.embed_tokens.weight/);
});

test('a tensor that is in two files is refused', async () => {
  const folder = await withMore('tiny-untied', 'model.embed_tokens.weight', 1);
  const problem = await problemOf(() => openCheckpoint(folder));
  expect(problem.what).toContain('model.embed_tokens.weight is in two files');
});

test('a key that config.json has twice is refused', async () => {
  const folder = copyOf('tiny-tied');
  const path = join(folder, 'config.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('{', '{"vocab_size": 1,'));
  const problem = await problemOf(() => openCheckpoint(folder));
  expect(problem.what).toContain('"vocab_size" twice');
});

test('the first files of GPT-2 have no prefix, and masks among the weights', async () => {
  const original = await openCheckpoint(join(models, 'tiny-gpt2'));
  const folder = temporaryFolder();
  for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    copyFileSync(join(models, 'tiny-gpt2', file), join(folder, file));
  }
  const weights = [...original.tensors].map(([name, { shape }]) => ({
    name: name.replace('transformer.', ''),
    shape: isTransposed(original.architecture, name) ? shape.toReversed() : shape,
    values: () => {
      const values = original.read(name);
      const [rows = 0, columns = 0] = shape;
      return isTransposed(original.architecture, name) ? transposed(values, rows, columns) : values;
    },
  }));
  const mask = { name: 'h.0.attn.bias', shape: [1, 1, 2, 2], values: () => new Float32Array(4) };
  await writeSafetensors(join(folder, 'model.safetensors'), [...weights, mask], 'float32');
  const old = await openCheckpoint(folder);
  expect([...old.tensors.keys()].sort()).toEqual([...original.tensors.keys()].sort());
  for (const name of original.tensors.keys()) expect(old.read(name)).toEqual(original.read(name));
  old.close();
  original.close();
});
