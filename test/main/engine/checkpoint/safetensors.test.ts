/** safetensors: written and read back, read as PyTorch wrote it, and every way in which a file can be broken. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { brokenCopy, fixtures, problemOf, temporaryFolder } from './fixtures.ts';

const numbers = Float32Array.of(1, -2.5, 0.1, 3e-5, 0, -0);
const tensors = [
  { name: 'first', shape: [2, 3], values: () => numbers },
  { name: 'none', shape: [0, 4], values: () => new Float32Array(0) },
  { name: 'second', shape: [1], values: () => Float32Array.of(7) },
];

test.each([
  ['float32', 'F32', [...numbers]],
  ['bfloat16', 'BF16', [1, -2.5, 0.10009765625, 3.0040740966796875e-5, 0, -0]],
  ['float16', 'F16', [1, -2.5, 0.0999755859375, 2.9981136322021484e-5, 0, -0]],
] as const)('%s there and back', async (dtype, stored, expected) => {
  const path = join(temporaryFolder(), 'x.safetensors');
  const bytes = await writeSafetensors(path, tensors, dtype);
  const file = openSafetensors(path);
  expect(file.metadata).toEqual({ format: 'pt' });
  expect([...file.tensors].map(([name, { shape, dtype }]) => [name, dtype, shape])).toEqual([
    ['first', stored, [2, 3]],
    ['none', stored, [0, 4]],
    ['second', stored, [1]],
  ]);
  expect([...file.read('first')]).toEqual(expected);
  expect([...file.read('second')]).toEqual([7]);
  const last = file.tensors.get('second');
  expect((last?.begin ?? 0) + (last?.bytes ?? 0)).toBe(bytes);
  expect((file.tensors.get('first')?.begin ?? 0) % 8).toBe(0);
  file.close();
  const problem = await problemOf(() => file.read('third'));
  expect(problem.code).toBe('checkpoint/no-tensor');
});

test('a value too large for float16 is an error that names the tensor', async () => {
  const path = join(temporaryFolder(), 'x.safetensors');
  const large = [{ name: 'wide', shape: [2], values: () => Float32Array.of(1, -70000) }];
  const problem = await problemOf(() => writeSafetensors(path, large, 'float16'));
  expect(problem).toMatchObject({ code: 'output/not-representable', where: 'wide' });
  expect(problem.what).toContain('7.000e+4');
});

test('a tensor can be written in pieces, and an error between two of them is passed on', async () => {
  const path = join(temporaryFolder(), 'x.safetensors');
  function* pieces() {
    yield Uint8Array.of(0, 0, 128, 63);
    yield Uint8Array.of(0, 0, 0, 64, 0, 0, 64, 64);
  }
  await writeSafetensors(path, [{ name: 'x', shape: [3], pieces }], 'float32');
  const file = openSafetensors(path);
  expect([...file.read('x')]).toEqual([1, 2, 3]);
  file.close();
  const broken = [{ name: 'x', shape: [4], pieces }];
  await expect(writeSafetensors(`${path}2`, broken, 'float32')).rejects.toThrow('x has');
});

test('what PyTorch wrote as bfloat16 is read', () => {
  const folder = join(fixtures, 'models/tiny-untied-bf16-sharded');
  const file = openSafetensors(join(folder, 'model-00001-of-00003.safetensors'));
  const [name, entry] = [...file.tensors][0] ?? ['', undefined];
  expect(entry?.dtype).toBe('BF16');
  const values = file.read(name);
  file.close();
  expect(values.length).toBe(entry?.shape.reduce((product, size) => product * size, 1));
  // bfloat16 numbers have no bits in the lower half of a float32.
  expect(new Uint32Array(values.slice().buffer).every((bits) => (bits & 0xffff) === 0)).toBe(true);
  expect(values.some((value) => value !== 0)).toBe(true);
});

describe('broken files', () => {
  const good = join(fixtures, 'adapters/layers/adapter_model.safetensors');

  /** A file with this header and so many bytes of data. */
  function made(header: unknown, dataBytes: number): string {
    const path = join(temporaryFolder(), 'x.safetensors');
    const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    writeFileSync(path, Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
    return path;
  }
  const tensor = (shape: number[], data_offsets: number[], dtype = 'F32'): object => ({
    dtype,
    shape,
    data_offsets,
  });

  test.each([0, 5, 8, 100, 5000])('cut after %i bytes', async (length) => {
    const path = brokenCopy(good, (bytes) => bytes.subarray(0, length));
    const problem = await problemOf(() => openSafetensors(path));
    expect(problem).toMatchObject({ code: 'checkpoint/cut-short', where: path });
    expect(problem.what).toContain(`has ${length} bytes`);
  });

  test.each<[string, unknown, number, string]>([
    ['a hole', { a: tensor([1], [0, 4]), b: tensor([1], [8, 12]) }, 12, 'hole of 4 bytes before b'],
    ['an overlap', { a: tensor([2], [0, 8]), b: tensor([1], [4, 8]) }, 8, 'b lies over 4 bytes'],
    ['bytes at the end', { a: tensor([1], [0, 4]) }, 7, '3 bytes follow'],
    ['a size that does not fit the shape', { a: tensor([3], [0, 8]) }, 8, 'F32 [3] takes 12'],
    ['an end before the beginning', { a: tensor([1], [8, 4]) }, 8, 'a has -4 bytes'],
    ['an unknown type', { a: tensor([1], [0, 4], 'F31') }, 4, 'unknown type F31'],
    ['a negative size', { a: tensor([-1], [0, 4]) }, 4, 'a is not described'],
    ['an absurd shape', { a: tensor([2 ** 40, 2 ** 40], [0, 4]) }, 4, 'takes 4.8'],
    ['no JSON', '{"a": ', 0, 'not a JSON object'],
    ['a list', [1, 2], 0, 'not a JSON object'],
    [
      'a tensor twice',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
      'the key "a" twice',
    ],
    [
      'a field twice',
      '{"a":{"dtype":"F32","shape":[2],"shape":[1],"data_offsets":[0,4]}}',
      4,
      'the key "shape" twice',
    ],
  ])('%s', async (_name, header, dataBytes, text) => {
    const problem = await problemOf(() => openSafetensors(made(header, dataBytes)));
    expect(problem.code).toBe('checkpoint/bad-safetensors');
    expect(problem.what).toContain(text);
  });

  test('a header of absurd length is refused before memory is taken for it', async () => {
    const path = brokenCopy(good, (bytes) => {
      bytes.writeBigUInt64LE(1n << 60n, 0);
      return bytes;
    });
    const problem = await problemOf(() => openSafetensors(path));
    expect(problem.what).toContain('over 100 MB');
  });

  test('integers are not weights', async () => {
    const file = openSafetensors(made({ a: tensor([2], [0, 8], 'I32') }, 8));
    const problem = await problemOf(() => file.read('a'));
    file.close();
    expect(problem.code).toBe('checkpoint/unknown-tensor-type');
    expect(problem.what).toContain('a (I32)');
  });

  test('no such file, and a folder in its place', async () => {
    for (const path of [join(fixtures, 'none.safetensors'), fixtures]) {
      const problem = await problemOf(() => openSafetensors(path));
      expect(problem.code).toBe('checkpoint/unreadable');
    }
  });
});
