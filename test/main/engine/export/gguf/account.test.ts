/** The account of a GGUF file: it finds what is not what base and adapter give. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noAdapter } from '../../../../../src/main/engine/checkpoint/adapter.ts';
import { openCheckpoint } from '../../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { accountForGguf } from '../../../../../src/main/engine/export/gguf/account.ts';
import { planGguf, writeGgufModel } from '../../../../../src/main/engine/export/gguf/write-gguf.ts';
import { temporaryFolder } from '../../checkpoint/fixtures.ts';
import { tinyAdapter, tinyModel } from '../exported.ts';

const adapter = readAdapter(tinyAdapter('all-linear').path);

/** tiny-tied without an adapter as a file, with what belongs to it. */
async function written() {
  const base = await openCheckpoint(tinyModel('tiny-tied'));
  const path = join(temporaryFolder(), 'model.gguf');
  const plan = planGguf(base, noAdapter, 'F16');
  await writeGgufModel(path, base, noAdapter, 'F16', plan, () => undefined);
  return { base, path, plan };
}

test('nothing is wrong with what was to be written', async () => {
  const { base, path, plan } = await written();
  const { failures, tensors } = await accountForGguf(path, base, noAdapter, plan);
  base.close();
  expect(failures).toEqual([]);
  expect(tensors).toMatchObject({ merged: 0, change: null });
  expect(tensors.largestError).toBeGreaterThan(0);
});

test('a file without the adapter is found by its numbers, and by what of the change is there', async () => {
  const { base, path, plan } = await written();
  const { failures, tensors } = await accountForGguf(path, base, adapter, plan);
  base.close();
  expect(failures.join()).toMatch(/q_proj.* times its bound/);
  expect(failures.join()).toMatch(/Only -?0\.0 % of what the adapter changes/);
  expect(tensors.change?.share).toBeCloseTo(0, 3);
});

test('a table of tensors that is another one is told', async () => {
  const { base, path, plan } = await written();
  const settings = new Map([['rope_freqs.weight', new Float32Array(8)]]);
  const other = { ...plan, form: { ...plan.form, settings } };
  const { failures } = await accountForGguf(path, base, noAdapter, other);
  base.close();
  expect(failures.join()).toContain('the table of tensors is not the one that was written');
});
