/** A model of random weights is a model: it opens, its tokenizer fits its embedding, and it is the same each time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cut, writeRandomModel } from '../../../bench/quantised/random-model.ts';
import { openCheckpoint } from '../../../src/main/engine/checkpoint/open-checkpoint.ts';
import type { TokenizerFiles } from '../../../src/main/engine/tokenizer/files.ts';
import { createTokenizer } from '../../../src/main/engine/tokenizer/tokenizer.ts';
import { fixturePath } from '../../main/engine/parity/fixtures.ts';

const shape = {
  ...{ hidden_size: 32, num_hidden_layers: 2, intermediate_size: 64 },
  ...{ num_attention_heads: 4, num_key_value_heads: 2 },
  ...{ vocab_size: 280, tie_word_embeddings: false },
};

let folder: string;
let tokenizer: TokenizerFiles;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-random-'));
  const source = await openCheckpoint(fixturePath('models/tiny-tied'));
  tokenizer = source.tokenizer;
  source.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function written(name: string) {
  const path = join(folder, name);
  await mkdir(path);
  await writeRandomModel(path, shape, tokenizer);
  return openCheckpoint(path);
}

test('matrices are normal with a deviation of 0.02, norms are 1, and a second one is equal', async () => {
  const [one, other] = [await written('one'), await written('other')];
  expect(one.config).toMatchObject({
    vocabSize: 280,
    numHiddenLayers: 2,
    tieWordEmbeddings: false,
  });
  const name = 'model.layers.1.mlp.down_proj.weight';
  const weight = one.read(name);
  expect(weight).toEqual(other.read(name));
  expect(weight).not.toEqual(one.read('model.layers.0.mlp.down_proj.weight'));
  const squares = weight.reduce((sum, value) => sum + value * value, 0);
  // 2048 numbers: the relative error of their deviation is 1 / √4096 or 1.6 %, and four times that is not exceeded.
  expect(Math.abs(Math.sqrt(squares / weight.length) / 0.02 - 1)).toBeLessThan(0.064);
  expect(new Set(one.read('model.norm.weight'))).toEqual(new Set([1]));
  for (const each of [one, other]) each.close();
});

test('a text is in the tokens that are left, and says the same', async () => {
  const checkpoint = await written('cut');
  const { config } = checkpoint;
  checkpoint.close();
  const whole = createTokenizer(tokenizer, { ...config, vocabSize: 288 });
  const small = createTokenizer(cut(tokenizer, config.vocabSize), config);
  const text = 'turn on the lights in the kitchen';
  const ids = small.encode(text);
  expect(Math.max(...ids)).toBeLessThan(config.vocabSize);
  expect(small.decode(ids)).toBe(whole.decode(whole.encode(text)));
  expect(small.vocabSize).toBeLessThan(whole.vocabSize);
});
