/** Single rows are those of the whole tensor, bit for bit, whatever it is stored as. */
import { cpSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changedCheckpoint } from '../../../../src/main/engine/checkpoint/changed-checkpoint.ts';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { elements } from '../../../../src/main/engine/graph/shape.ts';
import { bits } from '../packed/packed-fixture.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';
import { plainExperts, withStackedExperts } from './stacked-experts.ts';

const models = [
  ...readdirSync(join(fixtures, 'models')).map((name) => `models/${name}`),
  ...readdirSync(join(fixtures, 'gguf'))
    .filter((name) => name.endsWith('.gguf'))
    .map((name) => `gguf/${name}`),
];

function expectRows(checkpoint: Checkpoint): void {
  for (const [name, { shape }] of checkpoint.tensors) {
    const columns = shape.at(-1) ?? 0;
    const row = checkpoint.rows(name);
    // From the last, as nothing may depend on what was asked for before.
    const rows = Array.from({ length: elements(shape) / columns }, (_, at) => at).toReversed();
    const found = rows.map((at) => bits(row(at))).toReversed();
    expect(Buffer.concat(found).equals(bits(checkpoint.read(name))), name).toBe(true);
  }
}

test.each(models)('%s', async (name) => {
  const checkpoint = await openCheckpoint(join(fixtures, name));
  expectRows(checkpoint);
  checkpoint.close();
});

test('experts that lie in one tensor', async () => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-qwen3-moe'));
  const stacked = await openCheckpoint(await withStackedExperts(base, plainExperts));
  expectRows(stacked);
  base.close();
  stacked.close();
});

test('values that are changed while they are read', async () => {
  const base = await openCheckpoint(join(fixtures, 'models/tiny-tied'));
  const halved = (name: string) => base.read(name).map((value) => value / 2);
  const changed = changedCheckpoint(base, { read: halved });
  expectRows(changed);
  expectRows(changedCheckpoint(base, {}));
  changed.close();
});

test.each([
  ['models/tiny-tied', 'model.safetensors'],
  ['gguf', 'tiny-untied.gguf'],
])('no other rows are read: %s', async (folder, file) => {
  const copy = temporaryFolder();
  cpSync(join(fixtures, folder), copy, { recursive: true });
  const weights = join(copy, file);
  const checkpoint = await openCheckpoint(folder === 'gguf' ? weights : copy);
  const matrices = [...checkpoint.tensors].filter(([, { shape }]) => shape.length > 1);
  truncateSync(weights, statSync(weights).size / 2);
  const cut = await Promise.all(
    matrices.map(async ([name, { shape }]) => {
      const row = checkpoint.rows(name);
      const last = (shape[0] ?? 0) - 1;
      const ends = [() => row(0), () => row(last), () => checkpoint.read(name)];
      return await Promise.all(ends.map(isCutShort));
    }),
  );
  checkpoint.close();
  // The middle of the file is within a matrix.
  expect(cut).toContainEqual([false, true, true]);
});

async function isCutShort(work: () => unknown): Promise<boolean> {
  const problem = await problemOf(work).catch(() => null);
  if (problem) expect(problem.code).toBe('checkpoint/cut-short');
  return problem !== null;
}
