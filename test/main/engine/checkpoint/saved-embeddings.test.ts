/** Embeddings saved into an adapter: of no effect where they are the base's, refused by name where they are not. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import type { FloatType } from '../../../../src/main/engine/numbers/float-formats.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { openAdapter } from '../../../../src/main/engine/commands/open-adapter.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';

const context = { emit: () => undefined };

/** The adapter of `model` with tensors of the base saved along, in the type `dtype` and changed by `change`. */
async function withEmbeddings(
  [model, name]: [string, string],
  saved: readonly string[],
  dtype: FloatType,
  change: (values: Float32Array) => void = () => undefined,
  keys: Record<string, unknown> = {},
) {
  const base = await openCheckpoint(join(fixtures, 'models', model));
  onTestFinished(() => {
    base.close();
  });
  const folder = join(temporaryFolder(), 'adapter');
  const source = join(fixtures, 'adapters', name);
  cpSync(join(source, 'adapter_config.json'), join(folder, 'adapter_config.json'));
  const file = openSafetensors(join(source, 'adapter_model.safetensors'));
  const embedding = 'model.embed_tokens.weight';
  const tensors = [...file.tensors].map(([tensor, { shape }]) => {
    const values = file.read(tensor);
    return { name: tensor, shape, values: () => values };
  });
  for (const each of saved) {
    const from = base.tensors.has(each) ? each : embedding;
    const values = base.read(from);
    change(values);
    const shape = base.tensors.get(from)?.shape ?? [];
    tensors.push({ name: `base_model.model.${each}`, shape, values: () => values });
  }
  file.close();
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors, dtype);
  const config = join(folder, 'adapter_config.json');
  const json = JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>;
  writeFileSync(config, JSON.stringify({ ...json, ...keys }));
  return { base, folder };
}

const both = ['model.embed_tokens.weight', 'lm_head.weight'];
const untied: [string, string] = ['tiny-untied', 'untied'];
const tied: [string, string] = ['tiny-tied', 'layers'];

test.each([
  [untied, 'float32', {}],
  [untied, 'bfloat16', {}],
  [tied, 'float32', {}],
  [untied, 'float32', { modules_to_save: ['embed_tokens', 'lm_head'] }],
] as const)('%j in %s, the values of the base: read', async (made, dtype, keys) => {
  const { base, folder } = await withEmbeddings([...made], both, dtype, undefined, keys);
  const plain = openAdapter(join(fixtures, 'adapters', made[1]), base, context);
  expect([...openAdapter(folder, base, context).modules.keys()]).toEqual([...plain.modules.keys()]);
});

test('one other value: refused, and the tensor is named', async () => {
  const { base, folder } = await withEmbeddings(untied, both, 'float32', (values) => {
    values[values.length - 1] = (values.at(-1) ?? 0) + 1e-3;
  });
  const problem = await problemOf(() => openAdapter(folder, base, context));
  expect(problem.code).toBe('adapter/own-embeddings');
  for (const text of ['embeddings', ...both]) expect(problem.what).toContain(text);
});

test('a module saved along that is not in the file is still an option that is refused', async () => {
  const keys = { modules_to_save: ['lm_head', 'score'] };
  const { base, folder } = await withEmbeddings(untied, both, 'float32', undefined, keys);
  const problem = await problemOf(() => openAdapter(folder, base, context));
  expect(problem).toMatchObject({ code: 'adapter/unsupported-options' });
});

test('an adapter may be named by one of its files', async () => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-untied'));
  onTestFinished(() => {
    base.close();
  });
  for (const file of ['adapter_config.json', 'adapter_model.safetensors']) {
    const { modules } = openAdapter(join(fixtures, 'adapters/untied', file), base, context);
    expect(modules.size).toBe(14);
  }
});
