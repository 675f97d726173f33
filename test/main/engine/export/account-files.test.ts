/** The account of written files finds what the logits of a few prompts do not show: a bit, a tensor, a type, a setting. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { holdBase } from '../../../../src/main/engine/checkpoint/hold-base.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { accountForFiles } from '../../../../src/main/engine/export/account-files.ts';
import { accountForSettings } from '../../../../src/main/engine/export/account-settings.ts';
import { halfUnit } from '../../../../src/main/engine/export/expected-rows.ts';
import { writeMergedModel } from '../../../../src/main/engine/export/merge-model.ts';
import { decoded } from '../../../../src/main/engine/export/raw-safetensors.ts';
import type { HeldBase } from '../../../../src/shared/contract/records.ts';
import type { MergeDtype } from '../../../../src/shared/contract/merge-report.ts';
import { fixtures, temporaryFolder } from '../checkpoint/fixtures.ts';
import { mixtralExperts, withStackedExperts } from '../checkpoint/stacked-experts.ts';

/** A merged model on disk, with what it was made of. */
async function merged(
  model: string,
  adapterName: string,
  dtype: MergeDtype,
  held: HeldBase = { form: 'dense', doubleQuant: false },
) {
  const base = holdBase(await openCheckpoint(join(fixtures, model)), held);
  onTestFinished(() => {
    base.close();
  });
  const adapter = readAdapter(join(fixtures, 'adapters', adapterName));
  const folder = temporaryFolder();
  await writeMergedModel(folder, base, adapter, dtype, () => undefined);
  const weights = join(folder, 'model.safetensors');
  return {
    account: () => accountForFiles(folder, base, adapter, dtype),
    /** Changes the bytes of a tensor, as a fault in the export would. */
    spoil: (name: string, change: (data: Buffer) => void) => {
      const bytes = readFileSync(weights);
      const length = Number(bytes.readBigUInt64LE());
      const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<
        string,
        { data_offsets: [number, number] }
      >;
      const [begin = 0, end = 0] = header[name]?.data_offsets ?? [];
      change(bytes.subarray(8 + length + begin, 8 + length + end));
      writeFileSync(weights, bytes);
    },
    rename: (from: string, to: string) => {
      const text = readFileSync(weights, 'latin1').replace(`"${from}"`, `"${to}"`);
      writeFileSync(weights, text, 'latin1');
    },
    setting: (key: string, value: unknown) => {
      const path = join(folder, 'config.json');
      const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
      writeFileSync(path, JSON.stringify({ ...json, [key]: value }));
    },
  };
}

describe('what is right passes, with all tensors and within its bounds', () => {
  test.each([
    ['models/tiny-untied', 'untied', 'float32'],
    ['models/tiny-untied', 'untied', 'bfloat16'],
    ['models/tiny-untied-bf16-sharded', 'untied', 'bfloat16'],
    ['models/tiny-tied', 'dora', 'float16'],
    ['models/tiny-tied-nf4-double', 'all-linear', 'bfloat16'],
    ['models/tiny-tied-int8', 'all-linear', 'float32'],
    ['models/tiny-gpt2-nf4', 'tiny-gpt2', 'float16'],
    ['models/tiny-tied', 'dora', 'float32'],
    ['models/tiny-tied', 'patterns', 'bfloat16'],
    ['gguf/tiny-untied.gguf', 'untied', 'bfloat16'],
  ] as const)('%s + %s as %s', async (model, adapter, dtype) => {
    const { account } = await merged(model, adapter, dtype);
    const { files, failures } = account();
    expect(failures).toEqual([]);
    expect(files.writtenTensors).toBe(files.baseTensors - files.leftOut.length);
    expect(files.mergedTensors).toBeGreaterThan(0);
    expect(files.largestError).toBeGreaterThan(0);
    expect(files.largestError).toBeLessThanOrEqual(1);
  });
});

test.each<HeldBase['form']>(['nf4', 'int8'])('a base that was held as %s', async (form) => {
  const held = { form, doubleQuant: true };
  for (const model of ['tiny-gpt2', 'tiny-mixtral']) {
    const { account } = await merged(`models/${model}`, model, 'bfloat16', held);
    const { files, failures } = account();
    expect(failures).toEqual([]);
    expect(files.largestError).toBeLessThanOrEqual(1);
  }
});

describe('what is wrong is named', () => {
  const module = 'model.layers.0.mlp.up_proj.weight';

  test('a copied tensor with one other bit', async () => {
    const { account, spoil } = await merged('models/tiny-untied', 'untied', 'float32');
    spoil('model.norm.weight', (data) => (data[5] = (data[5] ?? 0) ^ 1));
    expect(account().failures[0]).toContain('model.norm.weight is not that of the base');
  });

  test('a merged value that is a unit away from where it has to be', async () => {
    const { account, spoil } = await merged('models/tiny-untied', 'untied', 'bfloat16');
    spoil(module, (data) => data.writeUInt16LE(data.readUInt16LE(2) + 2, 2));
    const { files, failures } = account();
    expect(failures[0]).toContain(`${module}[0, 1] is `);
    expect(files.largestError).toBeGreaterThan(1);
  });

  test('a tensor that is not written, and one of another name', async () => {
    const { account, rename } = await merged('models/tiny-untied', 'untied', 'float32');
    rename('lm_head.weight', 'lm_haed.weight');
    const [failure] = account().failures;
    expect(failure).toContain('lm_haed.weight is written and not in the base');
    expect(failure).toContain('lm_head.weight is not written');
  });

  test('a setting with another value', async () => {
    const { account, setting } = await merged('models/tiny-untied', 'untied', 'float32');
    setting('rope_theta', 123);
    expect(account().failures[0]).toMatch(/rope_theta: [\d.]+, written as 123/);
  });
});

test('settings: carried, changed in form only, left out, and changed in what they mean', () => {
  const base = {
    ...{ model_type: 'mistral', dtype: 'float16', eos_token_id: 2, sliding_window: null },
    ...{ rope_parameters: { rope_theta: 1e6, rope_type: 'default' }, hidden_size: 64 },
    ...{ pad_token_id: 0, rms_norm_eps: 1e-5 },
  };
  const written = {
    ...{ model_type: 'llama', torch_dtype: 'bfloat16', eos_token_id: [2, 7], hidden_size: 64 },
    ...{ rope_theta: 1e6, rope_scaling: null, rms_norm_eps: 1e-6 },
  };
  expect(accountForSettings(base, written)).toEqual({
    carried: 3,
    changed: [
      'model_type: "mistral", written as "llama"',
      'torch_dtype: "float16", written as "bfloat16"',
      'rms_norm_eps: 0.00001, written as 0.000001',
    ],
    left: ['pad_token_id'],
    wrong: ['rms_norm_eps: 0.00001, written as 0.000001'],
  });
});

test('the second reader decodes the three types', () => {
  const half = Buffer.from([0x00, 0x3c, 0x01, 0x00, 0xff, 0xfb, 0x00, 0x7c]);
  expect([...decoded(half, 'F16')]).toEqual([1, 2 ** -24, -65504, Infinity]);
  const brain = Buffer.from([0x80, 0x3f, 0x49, 0xc0, 0x01, 0x00]);
  expect([...decoded(brain, 'BF16')]).toEqual([1, -3.140625, 2 ** -133]);
  expect([...decoded(Buffer.from(Float32Array.of(0.1).buffer), 'F32')]).toEqual([Math.fround(0.1)]);
});

test('half a unit in the last place', () => {
  expect(halfUnit(1, 'bfloat16')).toBe(2 ** -8);
  expect(halfUnit(-1.99, 'float16')).toBe(2 ** -11);
  expect(halfUnit(2, 'float32')).toBe(2 ** -23);
  expect(halfUnit(0, 'float16')).toBe(2 ** -25);
  expect(halfUnit(-1.5 * 2 ** -149, 'float32')).toBe(2 ** -150);
  for (let e = -126; e <= 127; e++) {
    for (const value of [2 ** e, -1.99 * 2 ** e]) {
      expect(halfUnit(value, 'float32')).toBe(2 ** (e - 24));
      expect(halfUnit(value, 'bfloat16')).toBe(2 ** (e - 8));
      expect(halfUnit(value, 'float16')).toBe(2 ** (Math.max(e, -14) - 11));
    }
  }
});

test('a merge of a base with all experts in one tensor is accounted for, tensor by tensor', async () => {
  const single = await openCheckpoint(join(fixtures, 'models/tiny-mixtral'));
  const base = await openCheckpoint(await withStackedExperts(single, mixtralExperts));
  onTestFinished(() => {
    single.close();
    base.close();
  });
  const adapter = readAdapter(join(fixtures, 'adapters/tiny-mixtral-experts-own-apart'));
  const folder = temporaryFolder();
  await writeMergedModel(folder, base, adapter, 'float32', () => undefined);
  const { failures, files } = accountForFiles(folder, base, adapter, 'float32');
  expect(failures).toEqual([]);
  expect(files).toMatchObject({ writtenTensors: single.tensors.size, leftOut: [] });
  // Another base than the one that was merged.
  const { failures: found } = accountForFiles(
    folder,
    single,
    { ...adapter, modules: new Map() },
    'float32',
  );
  expect(found.join()).toContain('experts.0.w1.weight');
});
