/** Files of encoders: bare ones, and ones with the heads of other tasks. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';

const source = join(fixtures, 'classifiers/tiny-bert/model');

/** The tiny BERT as a model without a classifier, its tensors renamed, with `more` beside them. */
async function bare(rename: (name: string) => string, more: readonly string[] = []) {
  const folder = temporaryFolder();
  const config = readFileSync(join(source, 'config.json'), 'utf8');
  const changed = config.replace('BertForSequenceClassification', 'BertForPreTraining');
  writeFileSync(join(folder, 'config.json'), changed);
  copyFileSync(join(source, 'tokenizer.json'), join(folder, 'tokenizer.json'));
  const file = openSafetensors(join(source, 'model.safetensors'));
  const kept = [...file.tensors].filter(([name]) => !name.startsWith('classifier.'));
  const tensors = kept.map(([name, { shape }]) => {
    return { name: rename(name), shape, values: () => file.read(name) };
  });
  const extra = more.map((name) => ({ name, shape: [2], values: () => new Float32Array(2) }));
  await writeSafetensors(join(folder, 'model.safetensors'), [...tensors, ...extra], 'float32');
  file.close();
  return folder;
}

test('names without the encoder’s are the same weights', async () => {
  const whole = await openCheckpoint(source);
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
