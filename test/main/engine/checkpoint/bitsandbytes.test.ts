/** Models that bitsandbytes has quantised: folders of save_pretrained, states of every form, and what is refused. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bitsandbytesWeights } from '../../../../src/main/engine/checkpoint/bitsandbytes-weights.ts';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { unpack } from '../../../../src/main/engine/packed/unpack.ts';
import { bits, packedFixture } from '../packed/packed-fixture.ts';
import { fixturePath, readTensors } from '../parity/fixtures.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';
import { readRaw, writeRaw, type RawTensor } from './raw-tensors.ts';

async function opened(folder: string): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(folder);
  onTestFinished(() => {
    checkpoint.close();
  });
  return checkpoint;
}

const nf4 = { kind: 'codes', codes: 'nf4', group: 64, zero: 0, scales: 'float32', minima: 'none' };

describe.each([
  ['tiny-tied-nf4', 'NF4', 'F32', 21],
  ['tiny-tied-nf4-double', 'NF4', 'BF16', 21],
  ['tiny-tied-fp4', 'FP4', 'F16', 21],
  ['tiny-tied-int8', 'INT8', 'F16', 21],
  // Without the two modules that are named as skipped, with the output.
  ['tiny-untied-nf4', 'NF4', 'F32', 13],
  ['tiny-gpt2-nf4', 'NF4', 'F32', 8],
  ['tiny-gpt2-int8', 'INT8', 'F32', 8],
])('%s', (name, storedAs, others, count) => {
  const folder = join(fixtures, 'models', name);

  test('has its shapes, types and packings', async () => {
    const { tensors } = await opened(folder);
    const plain = await opened(join(fixtures, 'models', name.replace(/-(nf4|fp4|int8).*$/, '')));
    const shapes = (of: Checkpoint['tensors']) => [...of].map(([key, { shape }]) => [key, shape]);
    expect(shapes(tensors).sort()).toEqual(shapes(plain.tensors).sort());
    const quantised = [...tensors.values()].filter((tensor) => tensor.storedAs === storedAs);
    expect(quantised).toHaveLength(count);
    for (const { plain, packing, shape } of quantised) {
      expect(plain).toBeNull();
      const group = storedAs === 'INT8' ? shape[1] : 64;
      expect(packing).toMatchObject({ kind: 'codes', group });
    }
    const rest = [...tensors.values()].filter((tensor) => tensor.storedAs !== storedAs);
    expect(new Set(rest.map((tensor) => tensor.storedAs))).toEqual(new Set([others]));
  });

  test('has the values that bitsandbytes multiplies with, read and packed', async () => {
    const checkpoint = await opened(folder);
    const expected = [...readTensors(`expected/${name}/logits.safetensors`)].filter(
      ([key]) => key !== 'logits',
    );
    expect(expected).toHaveLength(2);
    for (const [key, values] of expected) {
      expect(bits(checkpoint.read(key)), key).toEqual(bits(values));
      expect(bits(unpack(checkpoint.packed(key))), key).toEqual(bits(values));
    }
  });
});

describe('states', () => {
  const path = fixturePath('packed/states.safetensors');
  const fixture = packedFixture('states');

  test.each([
    ['block32', { ...nf4, group: 32 }],
    ['block256', { ...nf4, codes: 'fp4', group: 256 }],
    ['stored', nf4],
    // No whole blocks: only its values can be had.
    ['cut', null],
  ])('%s', (name, packing) => {
    const file = openSafetensors(path);
    const weight = bitsandbytesWeights(path, [file]).weights.get(`${name}.weight`);
    const values = fixture.values(`${name}.values`);
    expect(weight?.packing).toEqual(packing);
    const found = weight ? unpack(weight.packed()).subarray(0, values.length) : null;
    expect(found && bits(found)).toEqual(bits(values));
    file.close();
  });
});

/** A copy of a model with other tensors. */
function changed(name: string, change: (tensors: Map<string, RawTensor>) => void): string {
  const folder = join(temporaryFolder(), name);
  cpSync(join(fixtures, 'models', name), folder, { recursive: true });
  const path = join(folder, 'model.safetensors');
  const tensors = readRaw(path);
  change(tensors);
  writeRaw(path, tensors);
  return folder;
}

function edited(
  tensors: Map<string, RawTensor>,
  name: string,
  edit: (tensor: RawTensor) => Partial<RawTensor>,
): void {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`${name} is not in the file`);
  tensors.set(name, { ...tensor, ...edit(tensor) });
}

const weight = 'model.layers.1.mlp.up_proj.weight';

test('weights and their states may lie in different files', async () => {
  const folder = changed('tiny-tied-nf4', () => undefined);
  const tensors = [...readRaw(join(folder, 'model.safetensors'))];
  const files = { 'a.safetensors': /weight$|bias$/, 'b.safetensors': /(?<!weight|bias)$/ };
  const weight_map: Record<string, string> = {};
  for (const [file, names] of Object.entries(files)) {
    const own = tensors.filter(([name]) => names.test(name));
    writeRaw(join(folder, file), new Map(own));
    for (const [name] of own) weight_map[name] = file;
  }
  rmSync(join(folder, 'model.safetensors'));
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));
  const whole = await opened(join(fixtures, 'models/tiny-tied-nf4'));
  const split = await opened(folder);
  expect(bits(split.read(weight))).toEqual(bits(whole.read(weight)));
});

describe('refused by name', () => {
  test.each<[string, string, (tensor: RawTensor) => Partial<RawTensor>, string]>([
    [
      'another table',
      `${weight}.quant_map`,
      ({ bytes }) => ({ bytes: bytes.toReversed() }),
      'has other numbers than NF4',
    ],
    [
      'too few scales',
      `${weight}.absmax`,
      ({ bytes }) => ({ shape: [bytes.length / 4 - 1], bytes: bytes.subarray(4) }),
      'instead of 160',
    ],
    [
      'too few codes',
      weight,
      ({ bytes }) => ({ shape: [bytes.length - 1, 1], bytes: bytes.subarray(1) }),
      'instead of 5120',
    ],
    [
      'a state that is no JSON',
      `${weight}.quant_state.bitsandbytes__nf4`,
      ({ bytes }) => ({ bytes: bytes.map(() => 32) }),
      'does not describe a matrix',
    ],
    [
      'another state than its name says',
      `${weight}.quant_state.bitsandbytes__nf4`,
      ({ bytes }) => ({ bytes: Buffer.from(Buffer.from(bytes).toString().replace('nf4', 'fp4')) }),
      'does not describe a matrix',
    ],
  ])('%s', async (_, name, edit, told) => {
    const folder = changed('tiny-tied-nf4', (tensors) => {
      edited(tensors, name, edit);
    });
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem).toMatchObject({ code: 'checkpoint/bad-quantisation', where: folder });
    expect(problem.what).toContain(name);
    expect(problem.what).toContain(told);
  });

  test('scales that are missing', async () => {
    const folder = changed('tiny-tied-nf4', (tensors) => {
      tensors.delete(`${weight}.absmax`);
    });
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem.what).toContain(`${weight}.absmax is missing`);
  });

  test('a scale that is not finite, when the matrix is asked for', async () => {
    const folder = changed('tiny-tied-nf4', (tensors) => {
      edited(tensors, `${weight}.absmax`, ({ bytes }) => {
        const infinite = Buffer.from(bytes);
        infinite.writeFloatLE(Infinity, 8);
        return { bytes: infinite };
      });
    });
    const checkpoint = await opened(folder);
    for (const ask of [() => checkpoint.read(weight), () => checkpoint.packed(weight)]) {
      const problem = await problemOf(ask);
      expect(problem.code).toBe('checkpoint/not-finite');
      expect(problem.what).toContain(weight);
    }
  });

  test('rows of int8 in the order of a GPU', async () => {
    const layout = weight.replace('weight', 'weight_format');
    const folder = changed('tiny-tied-int8', (tensors) => {
      edited(tensors, layout, () => ({ bytes: Uint8Array.of(1) }));
    });
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem.code).toBe('checkpoint/bad-quantisation');
    expect(problem.what).toContain(layout);
  });

  test.each([
    [{ quantization_config: { quant_method: 'gptq', bits: 4 } }, 'gptq'],
    [{ quantization_config: { quant_method: 'compressed-tensors' } }, 'compressed-tensors'],
    [{ quantization_config: { bits: 4 } }, 'not named'],
    [{ quantization_config: 'fp8' }, 'not named'],
    [{ compression_config: { quant_method: 'sparseml' } }, 'sparseml'],
  ])('another way to quantise: %o', async (config, method) => {
    const folder = withConfig('tiny-tied-nf4', config);
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem).toMatchObject({ code: 'checkpoint/quantised-otherwise' });
    expect(problem.what).toContain(method);
    expect(problem.next).toContain('16-bit');
  });
});

test('files of the first years name no method', async () => {
  const quantization_config = { load_in_4bit: true, load_in_8bit: false };
  const { tensors } = await opened(withConfig('tiny-tied-nf4', { quantization_config }));
  expect(tensors.get(weight)?.storedAs).toBe('NF4');
});

test('weights that are plain although config.json says otherwise are told', async () => {
  const quantization_config = { quant_method: 'bitsandbytes', load_in_4bit: true };
  const { architecture } = await opened(withConfig('tiny-tied', { quantization_config }));
  expect(architecture.notices).toContainEqual(expect.stringContaining('plain numbers'));
  const { architecture: quantised } = await opened(join(fixtures, 'models/tiny-tied-nf4'));
  expect(quantised.notices).toEqual([]);
});

test('16-bit numbers can be held as they are in the file, others cannot', async () => {
  const checkpoint = await opened(join(fixtures, 'models/tiny-untied-bf16-sharded'));
  const name = 'model.layers.1.mlp.up_proj.weight';
  expect(checkpoint.tensors.get(name)?.packing).toEqual({ kind: 'float', type: 'bfloat16' });
  expect(bits(unpack(checkpoint.packed(name)))).toEqual(bits(checkpoint.read(name)));
  for (const model of ['tiny-untied', 'tiny-gpt2']) {
    const { tensors } = await opened(join(fixtures, 'models', model));
    expect([...tensors.values()].filter(({ packing }) => packing !== null)).toEqual([]);
  }
});

function withConfig(name: string, change: Record<string, unknown>): string {
  const folder = join(temporaryFolder(), name);
  cpSync(join(fixtures, 'models', name), folder, { recursive: true });
  const path = join(folder, 'config.json');
  const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...json, ...change }));
  return folder;
}
