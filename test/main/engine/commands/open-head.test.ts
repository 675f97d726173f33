/** Heads of classifiers: read from PEFT's files and written to them, and refused where they do not belong. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter, writeAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { openHead } from '../../../../src/main/engine/commands/open-head.ts';
import { refuseWithoutNextToken } from '../../../../src/main/engine/commands/task-of.ts';
import { fixtures, problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';

const classifiers = join(fixtures, 'classifiers');
const adapterOf = (name: string) => join(classifiers, name, 'adapter');
const modelOf = (name: string) => join(classifiers, name, 'model');

test.each([
  ['tiny-bert-multi-label', ['classifier.weight', 'classifier.bias'], ['classifier']],
  [
    'tiny-roberta',
    ['dense', 'out_proj'].flatMap((part) => [
      `classifier.${part}.weight`,
      `classifier.${part}.bias`,
    ]),
    ['classifier'],
  ],
  [
    'tiny-distilbert',
    ['pre_classifier', 'classifier'].flatMap((part) => [`${part}.weight`, `${part}.bias`]),
    ['pre_classifier', 'classifier'],
  ],
  ['tiny-qwen3-score', ['score.weight'], ['score']],
])('%s: the head is read as PEFT saves it, and written so', async (name, parts, modules) => {
  const adapter = readAdapter(adapterOf(name));
  expect([...adapter.saved.keys()].sort()).toEqual([...parts].sort());
  const labels = { problem: 'single_label_classification', names: ['x', 'y', 'z'] } as const;
  const folder = temporaryFolder();
  await writeAdapter(folder, { ...adapter, labels }, null);
  // PEFT names "classifier" and "score" for every classifier.
  expect(readAdapter(folder)).toEqual({ ...adapter, labels, savedModules: [...modules].sort() });
  const text = readFileSync(join(folder, 'adapter_config.json'), 'utf8');
  const config = z
    .object({ task_type: z.literal('SEQ_CLS'), modules_to_save: z.array(z.string()) })
    .parse(JSON.parse(text));
  expect(config.modules_to_save.sort()).toEqual([...modules].sort());
});

test('a pooler that was trained is named as PEFT names it', async () => {
  const adapter = readAdapter(adapterOf('tiny-bert'));
  const pooler = { shape: [1], values: Float32Array.of(1) };
  const saved = new Map([...adapter.saved, ['bert.pooler.dense.bias', pooler]]);
  const folder = temporaryFolder();
  await writeAdapter(folder, { ...adapter, saved }, null);
  expect(readAdapter(folder).saved.get('bert.pooler.dense.bias')).toEqual(pooler);
  const text = readFileSync(join(folder, 'adapter_config.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ modules_to_save: ['classifier', 'pooler'] });
});

test('older files have the name of the adapter in the names of the head', async () => {
  const source = adapterOf('tiny-bert-multi-label');
  const folder = join(temporaryFolder(), 'adapter');
  cpSync(source, folder, { recursive: true });
  const file = openSafetensors(join(source, 'adapter_model.safetensors'));
  const tensors = [...file.tensors].map(([name, { shape }]) => ({
    name: name.replace('.classifier.', '.classifier.modules_to_save.default.'),
    shape,
    values: () => file.read(name),
  }));
  rmSync(join(folder, 'adapter_model.safetensors'));
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors, 'float32');
  file.close();
  expect(readAdapter(folder)).toEqual(readAdapter(source));
});

test('without an adapter the head is the model’s own', async () => {
  const base = await openCheckpoint(modelOf('tiny-roberta'));
  const head = openHead([], [], base);
  expect(head?.labels.names).toEqual(['off', 'on', 'unclear']);
  expect([...(head?.adapters[0]?.saved.keys() ?? [])]).toHaveLength(4);
  base.close();
  const decoder = await openCheckpoint(join(fixtures, 'models/tiny-tied'));
  expect(openHead([], [], decoder)).toBeNull();
  decoder.close();
});

test('what a head lacks comes from the model, and is refused where that has none', async () => {
  const base = await openCheckpoint(modelOf('tiny-distilbert'));
  const adapter = readAdapter(adapterOf('tiny-distilbert'));
  const saved = new Map([...adapter.saved].filter(([name]) => !name.startsWith('pre_')));
  const savedModules = ['classifier', 'score'];
  const head = openHead([{ ...adapter, saved, savedModules }], ['a'], base);
  const own = head?.adapters[0]?.saved.get('pre_classifier.weight');
  expect(own?.values).toEqual(base.read('pre_classifier.weight'));
  base.close();
  const decoder = await openCheckpoint(join(fixtures, 'models/tiny-tied'));
  const problem = await problemOf(() => openHead([{ ...adapter, saved }], ['a'], decoder));
  expect(problem).toMatchObject({ code: 'adapter/no-head', where: 'a' });
  decoder.close();
});

test.each([
  ['tiny-bert', 'classifier.bias'],
  ['tiny-distilbert', 'pre_classifier.weight'],
  ['tiny-qwen3-score', 'score.weight'],
  ['tiny-roberta', 'classifier.out_proj.weight'],
])('%s: what the config says is saved is not taken from the model: %s', async (name, lost) => {
  const base = await openCheckpoint(modelOf(name));
  const adapter = readAdapter(adapterOf(name));
  const saved = new Map([...adapter.saved].filter(([part]) => part !== lost));
  const problem = await problemOf(() => openHead([{ ...adapter, saved }], ['a'], base));
  expect(problem).toMatchObject({ code: 'adapter/no-head', where: 'a' });
  expect(problem.what).toContain(`${lost} is missing`);
  base.close();
});

test('a head with what is no number is refused by name', async () => {
  const source = adapterOf('tiny-qwen3-score');
  const folder = join(temporaryFolder(), 'adapter');
  cpSync(source, folder, { recursive: true });
  const file = openSafetensors(join(source, 'adapter_model.safetensors'));
  const tensors = [...file.tensors].map(([name, { shape }]) => ({
    ...{ name, shape },
    values: () => (name.includes('score') ? file.read(name).fill(NaN, 1, 2) : file.read(name)),
  }));
  rmSync(join(folder, 'adapter_model.safetensors'));
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors, 'float32');
  file.close();
  const problem = await problemOf(() => readAdapter(folder));
  expect(problem.code).toBe('adapter/bad-tensors');
  expect(problem.what).toContain('score.weight has values that are no finite numbers');
});

test('adapters of another task are refused by name, both ways', async () => {
  const answers = readAdapter(join(fixtures, 'adapters/tiny-qwen3'));
  const classifies = readAdapter(adapterOf('tiny-qwen3-score'));
  const classifier = await openCheckpoint(modelOf('tiny-qwen3-score'));
  const problem = await problemOf(() => openHead([answers], ['answers'], classifier));
  expect(problem).toMatchObject({ code: 'adapter/other-task', where: 'answers' });
  const both = await problemOf(() => openHead([classifies, answers], ['c', 'answers'], classifier));
  expect(both).toMatchObject({ code: 'adapter/other-task', where: 'answers' });
  const labels = openHead([classifies], ['c'], classifier)?.labels ?? null;
  const refused = await problemOf(() => {
    refuseWithoutNextToken({ checkpoint: classifier, labels });
  });
  expect(refused).toMatchObject({ code: 'task/no-next-token' });
  // Without the adapter it classifies as well, so leaving that out is no advice.
  expect(refused.next).not.toContain('adapter');
  classifier.close();
});

test('adapters that tell other classes apart are not used together', async () => {
  const base = await openCheckpoint(modelOf('tiny-roberta'));
  const adapter = readAdapter(adapterOf('tiny-roberta'));
  const other = { problem: null, names: ['x', 'y', 'z'] };
  const problem = await problemOf(() =>
    openHead([adapter, { ...adapter, labels: other }], ['one', 'two'], base),
  );
  expect(problem).toMatchObject({ code: 'adapter/labels-differ', where: 'two' });
  base.close();
});

test('damaged names of classes are refused', async () => {
  const folder = join(temporaryFolder(), 'adapter');
  cpSync(adapterOf('tiny-roberta'), folder, { recursive: true });
  writeFileSync(join(folder, 'labels.json'), '{"problem_type": "other", "id2label": {}}');
  expect((await problemOf(() => readAdapter(folder))).code).toBe('adapter/bad-config');
});
