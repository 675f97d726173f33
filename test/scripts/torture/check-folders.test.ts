/** What is half there is found, and what is left over. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  adapterFiles,
  brokenCheckpoints,
  leftovers,
} from '../../../scripts/torture/check-folders.ts';
import { halfAdapter } from '../../../scripts/torture/expected.ts';
import { runOf } from '../../renderer/run-record.ts';
import { temporaryFolder } from '../../main/engine/checkpoint/fixtures.ts';

function adapterIn(output: string): void {
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'adapter_model.safetensors'), 'numbers');
  writeFileSync(join(output, 'lorikeet-training.json'), '{"name":"one","seed":1}');
}

it('a checkpoint that is told and gone, and one that stands there half-written', async () => {
  const output = join(temporaryFolder(), 'run');
  const half = join(`${output}.checkpoints`, 'step-000004');
  const path = join(`${output}.checkpoints`, 'step-000002');
  mkdirSync(half, { recursive: true });
  const checkpoint = { path, step: 2, at: 0 };
  const run = { ...runOf({ state: 'interrupted' }), output, checkpoint };
  const faults = await brokenCheckpoints(run);
  expect(faults.map((fault) => fault.slice(0, 24))).toEqual([
    'step-000002 is not whole',
    'step-000004 is not whole',
  ]);
  expect(await brokenCheckpoints({ ...run, output: `${output}-other`, checkpoint: null })).toEqual(
    [],
  );
});

it('a run that is over needs no checkpoint: it was killed before the store forgot the last one', async () => {
  const output = join(temporaryFolder(), 'run');
  const folder = `${output}.checkpoints`;
  const checkpoint = { path: join(folder, 'step-000023'), step: 23, at: 0 };
  const run = { ...runOf({ state: 'finished' }), output, checkpoint };
  expect(await brokenCheckpoints(run)).toEqual([]);
  // Half of one that stands under its name would pass for a whole one.
  mkdirSync(checkpoint.path, { recursive: true });
  expect(await brokenCheckpoints(run)).toEqual([
    expect.stringMatching(/^step-000023 is not whole/),
  ]);
});

it('an adapter that lacks something, or has other numbers; its name and date may be others', () => {
  const folder = temporaryFolder();
  const [whole, other] = [join(folder, 'whole'), join(folder, 'other')];
  adapterIn(whole);
  adapterIn(other);
  writeFileSync(join(other, 'lorikeet-training.json'), '{"name":"two","seed":1}');
  const expected = { best: adapterFiles(whole), last: new Map<string, string>() };
  const found = () => halfAdapter(other, expected);
  expect(found()).toEqual([]);
  writeFileSync(join(other, 'lorikeet-training.json'), '{"name":"two","seed":2}');
  truncateSync(join(other, 'adapter_model.safetensors'), 3);
  expect(found()).toHaveLength(2);
  expect(halfAdapter(join(folder, 'none'), expected)).toEqual([]);
});

it('folders that a run has left', () => {
  const folder = temporaryFolder();
  const names = ['.7.12-ab.partial', '7.checkpoints', '7', '8.checkpoints', '.71.12-ab.partial'];
  for (const name of names) mkdirSync(join(folder, name));
  expect(leftovers(join(folder, '7'))).toEqual([
    '.7.12-ab.partial is left of the run',
    '7.checkpoints is left of the run',
  ]);
});
