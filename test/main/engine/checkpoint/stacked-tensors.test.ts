/** Files that hold the matrices of all experts in one tensor give what files with single ones give. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { stackedParts } from '../../../../src/main/engine/checkpoint/stacked-tensors.ts';
import { fixtures, problemOf } from './fixtures.ts';
import { mixtralExperts, plainExperts, withStackedExperts } from './stacked-experts.ts';

async function opened(folder: string): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(folder);
  onTestFinished(() => {
    checkpoint.close();
  });
  return checkpoint;
}

test.each([
  ['tiny-qwen3-moe', plainExperts],
  ['tiny-mixtral', mixtralExperts],
])('%s', async (model, names) => {
  const base = await opened(join(fixtures, 'models', model));
  const again = await opened(await withStackedExperts(base, names));
  expect([...again.tensors.keys()].sort()).toEqual([...base.tensors.keys()].sort());
  for (const [name, { shape, plain: type, bytes }] of base.tensors) {
    expect(again.tensors.get(name), name).toMatchObject({ shape, plain: type, bytes });
    expect(again.read(name), name).toEqual(base.read(name));
    const [whole, part] = [new Uint8Array(8), new Uint8Array(8)];
    await base.readPlain(name, whole, bytes - 8);
    await again.readPlain(name, part, bytes - 8);
    expect(part, name).toEqual(whole);
  }
});

test('experts that are missing are named', async () => {
  const base = await opened(join(fixtures, 'models/tiny-mixtral'));
  const folder = await withStackedExperts(
    base,
    mixtralExperts,
    'model.layers.1.mlp.experts.down_proj',
  );
  const problem = await problemOf(() => openCheckpoint(folder));
  expect(problem.code).toBe('checkpoint/misfit');
  expect(problem.what).toContain('model.layers.1.block_sparse_moe.experts.0.w2.weight');
});

test('a tensor without slices holds none', () => {
  expect(stackedParts({ shape: [4, 8], bytes: 128 }, () => ['a'])).toEqual([]);
});
