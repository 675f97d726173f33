/** From files in tokens to the blocks of a run: what is refused, what is told, and what stays together. */
import { expect, test } from 'vitest';
import type { DataFile } from '../../../../src/main/engine/dataset/read-data.ts';
import { causalLm } from '../../../../src/main/engine/task/causal-lm.ts';
import { nextTokenLabels, type Sequence } from '../../../../src/main/engine/batch/sequence.ts';
import { trainingData, type EncodedFile } from '../../../../src/main/engine/train/plan.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';

const sequenceLength = 32;

function configOf(validation: TrainingConfig['validation']): TrainingConfig {
  const files = { name: '', model: '', data: 'data', validation };
  return { ...trainingDefaults, ...files, sequenceLength };
}

/** A sequence whose every token is the number of its line. */
function sequence(line: number, length: number): Sequence {
  const tokens = new Int32Array(length).fill(line);
  return {
    line,
    tokens,
    labels: nextTokenLabels(
      tokens,
      tokens.map(() => 1),
    ),
  };
}

function fileOf(...lengths: number[][]): EncodedFile {
  const encoded = lengths.map((each, index) => each.map((length) => sequence(index + 1, length)));
  return { encoded, notices: [] };
}

function read(files: Record<string, EncodedFile>) {
  return ({ path }: DataFile): Promise<EncodedFile> => {
    const file = files[path];
    return file ? Promise.resolve(file) : Promise.reject(new Error(`no file ${path}`));
  };
}

const context = 4096;

test('a validation of which nothing fits is refused, from a file and from a split', async () => {
  const files = { data: fileOf([8], [8]), held: fileOf([40], [50]) };
  const config = configOf({ kind: 'file', path: 'held' });
  await expect(trainingData(config, read(files), context, causalLm)).rejects.toMatchObject({
    code: 'dataset/no-validation',
    problem: { where: 'held' },
  });
  const split = configOf({ kind: 'split', fraction: 0.5 });
  // One of the two is held back, whichever it is.
  for (const data of [fileOf([8], [40]), fileOf([40], [8])]) {
    const code = expect.stringMatching(/^dataset\/(no-validation|all-too-long)$/) as unknown;
    await expect(trainingData(split, read({ data }), context, causalLm)).rejects.toMatchObject({
      code,
    });
  }
});

test('what is too long is told, for training and validation apart', async () => {
  const files = { data: fileOf([8], [40], [8, 40]), held: fileOf([8], [50]) };
  const config = configOf({ kind: 'file', path: 'held' });
  expect((await trainingData(config, read(files), context, causalLm)).notices).toEqual([
    '1 conversation is learnt as 2 sequences: earlier parts are other text or other tokens once a conversation goes on.',
    '1 examples are longer than 32 tokens and are left out.',
    'Later parts of 1 examples are longer than 32 tokens and are left out.',
    '1 examples for validation are longer than 32 tokens and are left out.',
  ]);
});

test('blocks beyond the context of the model are told, with the examples that reach beyond it', async () => {
  const none = configOf({ kind: 'none' });
  const tell = async (data: EncodedFile, contextLength: number) =>
    (await trainingData(none, read({ data }), contextLength, causalLm)).notices;
  expect(await tell(fileOf([30], [8]), 32)).toEqual([]);
  expect(await tell(fileOf([30], [8]), 20)).toEqual([
    expect.stringMatching(
      /32 tokens is beyond the model's context of 20. 1 example reaches beyond/,
    ),
  ]);
  expect(await tell(fileOf([8]), 20)).toEqual([
    expect.stringMatching(/context of 20. Nothing that is read reaches beyond it/),
  ]);
});

test('the sequences of one example are all on one side of the split', async () => {
  const data = fileOf(...Array.from({ length: 12 }, () => [5, 6, 7]));
  const config = configOf({ kind: 'split', fraction: 0.4 });
  const { blocks, validation } = await trainingData(config, read({ data }), context, causalLm);
  const linesIn = (part: typeof blocks) =>
    new Set(
      part.flatMap(({ tokens, segments }) => [...tokens].filter((_, t) => segments[t] !== 0)),
    );
  const [train, held] = [linesIn(blocks), linesIn(validation)];
  expect([train.size, held.size]).toEqual([7, 5]);
  expect([...train].filter((line) => held.has(line))).toEqual([]);
});
