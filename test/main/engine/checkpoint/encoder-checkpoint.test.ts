/** Files of encoders: bare ones, and ones with the heads of other tasks. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { tinyBert, writeBareBert } from './bare-bert.ts';
import { problemOf, temporaryFolder } from './fixtures.ts';

async function bare(named: (name: string) => string | null, more?: readonly string[]) {
  const folder = temporaryFolder();
  await writeBareBert(folder, named, more);
  return folder;
}

test('names without the encoder’s are the same weights', async () => {
  const whole = await openCheckpoint(tinyBert);
  const model = await openCheckpoint(await bare((name) => name.replace(/^bert\./, '')));
  const name = 'bert.encoder.layer.1.output.dense.weight';
  expect(model.read(name)).toEqual(whole.read(name));
  expect(model.architecture.labels).toBeNull();
  expect(model.architecture.notices).toEqual([]);
  model.close();
  whole.close();
});

test('weights of another task’s head are told', async () => {
  const model = await openCheckpoint(await bare((name) => name, ['cls.predictions.bias']));
  expect(model.architecture.notices).toEqual([
    "The model's tensors cls.predictions.bias are not used: each belongs to the head of another task.",
  ]);
  model.close();
});

test('what nobody knows is refused', async () => {
  const folder = await bare((name) => name, ['bert.encoder.adapter.weight']);
  const problem = await problemOf(() => openCheckpoint(folder));
  expect(problem.what).toContain('bert.encoder.adapter.weight is not part of this architecture');
});

const pooler = ['bert.pooler.dense.weight', 'bert.pooler.dense.bias'];

test('a pooler that the files lack is a part of the head, and is told', async () => {
  const whole = await openCheckpoint(await bare((name) => name));
  expect(whole.architecture.head.parts(2).map(({ path }) => path)).not.toContain(pooler[0]);
  expect(whole.architecture.head.linears.map(({ path }) => path)).toEqual(['bert.pooler.dense']);
  const without = await openCheckpoint(await bare((name) => (pooler.includes(name) ? null : name)));
  const { head, notices } = without.architecture;
  expect(head.parts(2).map(({ path }) => path)).toEqual([
    ...pooler,
    ...['classifier.weight', 'classifier.bias'],
  ]);
  expect(head.linears).toEqual([]);
  expect(notices).toEqual([expect.stringContaining('no bert.pooler.dense')]);
  whole.close();
  without.close();
});

test('half a pooler is refused, and a classifier without the one that it was trained with', async () => {
  const half = await bare((name) => (name === pooler[1] ? null : name));
  const problem = await problemOf(() => openCheckpoint(half));
  expect(problem.what).toContain('bert.pooler.dense.bias [32] is missing');
  const classifier = await bare((name) => (pooler.includes(name) ? null : name));
  copyFileSync(join(tinyBert, 'config.json'), join(classifier, 'config.json'));
  const other = await problemOf(() => openCheckpoint(classifier));
  expect(other.what).toContain('bert.pooler.dense.weight [32, 32] is missing');
});
