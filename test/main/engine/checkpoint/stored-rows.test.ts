/** Rows in pieces are the whole tensors, whatever they are stored as. */
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { widened } from '../../../../src/main/engine/numbers/float-formats.ts';
import { storedRows } from '../../../../src/main/engine/checkpoint/stored-rows.ts';
import { brokenCopy, fixtures, problemOf } from './fixtures.ts';

test.each([
  ['models/tiny-tied', ['float32']],
  ['models/tiny-untied-bf16-sharded', ['bfloat16']],
  ['gguf/tiny-untied.gguf', ['bfloat16', 'float16', 'float32', null]],
  // Rows of q and k, and of all three in one, are in another order there.
  ['gguf/tiny-llama3-rope.gguf', ['float16', 'float32']],
  ['gguf/tiny-gpt-neox.gguf', ['float32']],
])('%s', async (name, plainTypes) => {
  const checkpoint = await openCheckpoint(join(fixtures, name));
  const types = [...checkpoint.tensors.values()].map(({ plain }) => plain);
  expect([...new Set(types)].sort()).toEqual(plainTypes);
  const found = new Map<string, number[]>();
  let before: { bytes: Uint8Array; copy: Buffer } | undefined;
  for await (const rows of storedRows(checkpoint, 1000)) {
    expect(rows.type).toBe(checkpoint.tensors.get(rows.name)?.plain ?? 'float32');
    const values = found.get(rows.name) ?? [];
    expect(rows.first * rows.columns).toBe(values.length);
    values.push(...widened(rows.bytes, rows.type));
    found.set(rows.name, values);
    expect(rows.last).toBe(values.length === checkpoint.read(rows.name).length);
    // The piece before may still be on its way to the disk.
    if (before) expect(before.copy.equals(before.bytes)).toBe(true);
    before = { bytes: rows.bytes, copy: Buffer.from(rows.bytes) };
  }
  expect([...found.keys()]).toEqual([...checkpoint.tensors.keys()]);
  for (const [tensor, values] of found) {
    expect(Float32Array.from(values), tensor).toEqual(checkpoint.read(tensor));
  }
  checkpoint.close();
});

test('a file that became shorter meanwhile', async () => {
  const path = brokenCopy(join(fixtures, 'gguf/tiny-untied.gguf'), (bytes) => bytes);
  const checkpoint = await openCheckpoint(path);
  truncateSync(path, 100);
  const problem = await problemOf(() => storedRows(checkpoint, 1000).next());
  checkpoint.close();
  expect(problem).toMatchObject({ code: 'checkpoint/cut-short', where: path });
});
