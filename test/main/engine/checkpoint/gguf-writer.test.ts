/** GGUF files that are written: read again, by this program's reader and by the proof's. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileBytes } from '../../../../src/main/engine/checkpoint/file-bytes.ts';
import { readGgufHeader } from '../../../../src/main/engine/checkpoint/gguf-header.ts';
import { layOut } from '../../../../src/main/engine/checkpoint/gguf-layout.ts';
import {
  writeGguf,
  type GgufTensorSource,
} from '../../../../src/main/engine/checkpoint/gguf-writer.ts';
import { ggufTensorSizes } from '../../../../src/main/engine/export/raw-gguf.ts';
import type { GgufValue } from '../../../../src/main/engine/tokenizer/gguf-pairs.ts';
import { temporaryFolder } from './fixtures.ts';

const pairs = new Map<string, GgufValue>([
  ['general.architecture', { type: 'string', value: 'llama' }],
  ['a.uint8', { type: 'uint8', value: 255 }],
  ['a.int8', { type: 'int8', value: -128 }],
  ['a.uint16', { type: 'uint16', value: 65_535 }],
  ['a.int16', { type: 'int16', value: -2 }],
  ['a.uint32', { type: 'uint32', value: 4_294_967_295 }],
  ['a.int32', { type: 'int32', value: -5 }],
  ['a.uint64', { type: 'uint64', value: 2 ** 40 }],
  ['a.int64', { type: 'int64', value: -(2 ** 40) }],
  ['a.float32', { type: 'float32', value: 0.5 }],
  ['a.float64', { type: 'float64', value: 0.1 }],
  ['a.bool', { type: 'bool', value: true }],
  ['a.text', { type: 'string', value: 'naïve 🦜\n' }],
  ['a.texts', { type: 'array', of: 'string', value: ['', 'x', '\u0000'] }],
  ['a.numbers', { type: 'array', of: 'int32', value: [1, -1] }],
  ['a.bools', { type: 'array', of: 'bool', value: [true, false] }],
  ['a.none', { type: 'array', of: 'float32', value: [] }],
]);

/** Sizes that need padding in between. */
const tensors: GgufTensorSource[] = [
  { name: 'one', shape: [3], type: 'F32', pieces: () => [bytes(12)] },
  { name: 'two', shape: [2, 32], type: 'Q8_0', pieces: () => [bytes(34), bytes(34)] },
  { name: 'three', shape: [2, 1, 5], type: 'F16', pieces: () => [bytes(20)] },
];

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i);
}

async function written(): Promise<string> {
  const path = join(temporaryFolder(), 'written.gguf');
  await writeGguf(path, pairs, tensors);
  return path;
}

test('key-values come back with their types', async () => {
  const file = openFileBytes(await written());
  const header = await readGgufHeader(file);
  file.close();
  expect(header.pairs()).toEqual(pairs);
});

test('tensors come back with their shapes, types and bytes', async () => {
  const path = await written();
  const file = openFileBytes(path);
  const found = layOut(await readGgufHeader(file), file);
  expect([...found.values()].map(({ name, shape, type }) => ({ name, shape, type }))).toEqual(
    tensors.map(({ name, shape, type }) => ({ name, shape, type })),
  );
  for (const { begin, bytes: size } of found.values()) {
    const read = new Uint8Array(size);
    file.readInto(read, begin);
    // Pieces of Q8_0 begin anew.
    const expected = size === 68 ? [...bytes(34), ...bytes(34)] : [...bytes(size)];
    expect([...read]).toEqual(expected);
  }
  file.close();
  expect(ggufTensorSizes(path)).toEqual([
    ['one', 3],
    ['two', 64],
    ['three', 5],
    ['three', 5],
  ]);
});

test('a tensor with too few bytes is no file', async () => {
  const path = join(temporaryFolder(), 'written.gguf');
  const short = [{ ...tensors[0], name: 'one', shape: [4], type: 'F32' as const }];
  const source = short.map((each) => ({ ...each, pieces: () => [bytes(12)] }));
  await expect(writeGguf(path, pairs, source)).rejects.toThrow('one has -4 bytes too many');
});
