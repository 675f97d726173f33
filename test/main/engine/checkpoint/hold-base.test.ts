/** One base in each form that it can be held in. */
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { holdBase } from '../../../../src/main/engine/checkpoint/hold-base.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { storedRows } from '../../../../src/main/engine/checkpoint/stored-rows.ts';
import { unpack } from '../../../../src/main/engine/packed/unpack.ts';
import type { HeldBase } from '../../../../src/shared/contract/records.ts';
import { bits } from '../packed/packed-fixture.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';
import { readRaw, writeRaw } from './raw-tensors.ts';

async function opened(model: string): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(resolve(fixtures, model));
  onTestFinished(() => {
    checkpoint.close();
  });
  return checkpoint;
}

const held = (form: HeldBase['form'], doubleQuant = false): HeldBase => ({ form, doubleQuant });
const packedNames = ({ tensors }: Checkpoint) =>
  [...tensors].filter(([, { packing }]) => packing !== null).map(([name]) => name);

describe('quantised while it is loaded', () => {
  test.each([
    ['tiny-tied-nf4', held('nf4')],
    ['tiny-tied-int8', held('int8')],
  ])('as %s, which bitsandbytes made of the same weights', async (quantised, form) => {
    const base = holdBase(await opened('models/tiny-tied'), form);
    const expected = await opened(`models/${quantised}`);
    expect(packedNames(base).sort()).toEqual(packedNames(expected).filter(isLinear).sort());
    expect(base.architecture.notices).toEqual(expected.architecture.notices);
    for (const name of packedNames(base)) {
      const { packing } = base.tensors.get(name) ?? {};
      expect(packing, name).toEqual(expected.tensors.get(name)?.packing);
      expect(bits(base.read(name)), name).toEqual(bits(expected.read(name)));
      expect(bits(unpack(base.packed(name))), name).toEqual(bits(expected.read(name)));
    }
    const embedding = base.architecture.outside.embedding;
    const original = await opened('models/tiny-tied');
    expect(bits(base.read(embedding))).toEqual(bits(original.read(embedding)));
  });

  test('double quantisation gives other values', async () => {
    const plain = await opened('models/tiny-tied');
    const name = 'model.layers.0.mlp.up_proj.weight';
    const [once, twice] = [held('nf4'), held('nf4', true)].map((form) => holdBase(plain, form));
    expect(once?.read(name)).not.toEqual(twice?.read(name));
  });

  test('matrices that files hold as [in, out] are quantised as [out, in]', async () => {
    const base = holdBase(await opened('models/tiny-gpt2'), held('nf4'));
    const expected = await opened('models/tiny-gpt2-nf4');
    for (const name of packedNames(base)) {
      expect(bits(base.read(name)), name).toEqual(bits(expected.read(name)));
    }
    expect(packedNames(base)).toHaveLength(8);
  });

  test('routers and gates stay as they are', async () => {
    const plain = await opened('models/tiny-qwen2-moe');
    const base = holdBase(plain, held('int8'));
    const names = packedNames(base);
    expect(names.filter((name) => /\.gate\.|_gate\./.test(name))).toEqual([]);
    expect(names).toContain('model.layers.0.mlp.experts.7.down_proj.weight');
    const router = 'model.layers.0.mlp.gate.weight';
    expect(bits(base.read(router))).toEqual(bits(plain.read(router)));
  });

  test('what is exported are the quantised values', async () => {
    const base = holdBase(await opened('models/tiny-untied'), held('nf4'));
    const name = 'model.layers.0.mlp.up_proj.weight';
    const pieces: Buffer[] = [];
    for await (const rows of storedRows(base, 1 << 10)) {
      if (rows.name === name) pieces.push(Buffer.from(rows.bytes));
    }
    expect(Buffer.concat(pieces)).toEqual(bits(base.read(name)));
  });

  test('the tokenizer and the files are those of the original', async () => {
    const plain = await opened('models/tiny-tied');
    const base = holdBase(plain, held('int8'));
    expect(base.tokenizer).toBe(plain.tokenizer);
    expect(base.files).toEqual(plain.files);
  });

  test.each([
    ['models/tiny-tied-nf4', 'NF4'],
    ['models/tiny-tied-int8', 'INT8'],
    ['gguf/tiny-untied.gguf', 'Q8_0'],
  ])('%s is quantised already', async (model, type) => {
    const checkpoint = await opened(model);
    for (const form of [held('nf4'), held('int8')]) {
      const problem = await problemOf(() => holdBase(checkpoint, form));
      expect(problem.code).toBe('checkpoint/quantised-already');
      expect(problem.what).toContain(type);
      expect(problem.next).toContain('packed');
    }
  });

  test('a weight beyond float16 is named', async () => {
    const name = 'model.layers.0.mlp.up_proj.weight';
    const folder = join(temporaryFolder(), 'wide');
    cpSync(join(fixtures, 'models/tiny-untied'), folder, { recursive: true });
    const tensors = readRaw(join(folder, 'model.safetensors'));
    tensors.get(name)?.bytes.set(bits(Float32Array.of(70_000)));
    writeRaw(join(folder, 'model.safetensors'), tensors);
    const base = holdBase(await opened(folder), held('int8'));
    const problem = await problemOf(() => base.read(name));
    expect(problem.code).toBe('checkpoint/not-finite');
    expect(problem.what).toContain(name);
  });
});

describe('as in the file', () => {
  test('codes and 16-bit numbers stay', async () => {
    for (const model of ['tiny-tied-nf4', 'tiny-untied-bf16-sharded']) {
      const checkpoint = await opened(`models/${model}`);
      const base = holdBase(checkpoint, held('packed'));
      expect(base.tensors).toEqual(checkpoint.tensors);
    }
  });

  test('float32 is refused by name', async () => {
    const checkpoint = await opened('models/tiny-tied');
    const problem = await problemOf(() => holdBase(checkpoint, held('packed')));
    expect(problem.code).toBe('checkpoint/nothing-packed');
    expect(problem.what).toContain('F32');
  });
});

test('dense: nothing is packed, and the values are those of the file', async () => {
  const checkpoint = await opened('models/tiny-tied-nf4');
  const base = holdBase(checkpoint, held('dense'));
  expect(packedNames(base)).toEqual([]);
  const name = 'model.layers.0.mlp.up_proj.weight';
  expect(bits(base.read(name))).toEqual(bits(checkpoint.read(name)));
});

function isLinear(name: string): boolean {
  return name.includes('_proj.');
}
