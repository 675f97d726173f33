/** What is learnt, from the settings, a tiny model and its data; and how much of the model that is. */
import { expect, test } from 'vitest';
import { describeCheckpoint } from '../../../../src/main/engine/checkpoint/describe.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { trainingTask } from '../../../../src/main/engine/commands/training-task.ts';
import { usualManner } from '../../../../src/main/engine/tokenizer/chat-manner.ts';
import { createTokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { prepareTraining } from '../../../../src/main/engine/train/prepare.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { dataFile, jsonl } from '../dataset/data-file.ts';
import { fixturePath } from '../parity/fixtures.ts';

const classifier = fixturePath('classifiers/tiny-bert/model');

const config = (rows: readonly unknown[], over: Partial<TrainingConfig> = {}): TrainingConfig => ({
  ...trainingDefaults,
  ...{ name: 'r', model: classifier, data: dataFile(jsonl(...rows)), sequenceLength: 64 },
  ...{ task: 'sequence-classification', validation: { kind: 'none' } },
  ...over,
});

async function learnt(asked: TrainingConfig) {
  const checkpoint = await openCheckpoint(asked.model);
  try {
    const found = await trainingTask([asked], checkpoint);
    const tokenizer = createTokenizer(checkpoint.tokenizer, checkpoint.config, usualManner());
    const { architecture, task } = found;
    const model = { checkpoint, architecture, tokenizer, computeType: 'float32' as const };
    const { runs } = await prepareTraining([asked], task, model);
    return { ...found, run: runs[0], described: describeCheckpoint(checkpoint) };
  } finally {
    checkpoint.close();
  }
}

test('a head that goes on is counted once among all parameters', async () => {
  const { run, described, labels } = await learnt(config([{ text: 'light', label: 'on' }]));
  expect(labels?.names).toEqual(['off', 'on', 'unclear']);
  // [3, 32] and [3], which are in the file.
  const head = 3 * 32 + 3;
  const adapter = (run?.trainableParameters ?? 0) - head;
  expect(adapter).toBeGreaterThan(0);
  expect(run?.totalParameters).toBe(described.parameters + adapter);
});

test('pairs among the texts are noticed', async () => {
  const rows = [
    { text: 'light', label: 'on' },
    { text: 'light', text2: 'door', label: 'off' },
  ];
  expect(await learnt(config(rows))).toMatchObject({ pairs: true });
  expect(await learnt(config(rows.slice(0, 1)))).toMatchObject({ pairs: false });
});

test('a new head has something to tell from something else', async () => {
  const same = [1, 2, 3].map((n) => ({ text: `light ${n}`, label: 'new' }));
  await expect(learnt(config(same))).rejects.toThrow(/the same label \(new\)/);
  const none = same.map(({ text }) => ({ text, label: [] }));
  const decoder = { model: fixturePath('models/tiny-tied') };
  await expect(learnt(config(none, decoder))).rejects.toThrow(/of any class/);
  const several = { problem: 'multi_label_classification' } as const;
  const one = same.map(({ text }, i) => ({ text, label: i === 0 ? [] : ['new'] }));
  await expect(learnt(config(one.slice(1), several))).rejects.toThrow(/the same label/);
  expect(await learnt(config(one, several))).toMatchObject({ labels: { names: ['new'] } });
});
