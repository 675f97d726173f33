/** The starter model in a real llama.cpp: what it and this program answer is the same. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cachePaths } from '../../../../../src/main/cache.ts';
import { openCheckpoint } from '../../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { createTokenizer } from '../../../../../src/main/engine/tokenizer/tokenizer.ts';
import { openLlamaCpp, type LlamaCpp } from '../../../../support/llama-cpp.ts';

const path = cachePaths().starterModel;
let llama: LlamaCpp;
beforeAll(async () => {
  llama = await openLlamaCpp(path);
});
afterAll(() => llama.dispose());

test('the same ids', async () => {
  const checkpoint = await openCheckpoint(path);
  const tokenizer = createTokenizer(checkpoint.tokenizer, checkpoint.config);
  checkpoint.close();
  for (const text of ['The capital of France is', ' x = 12345;\n\n\tif (a)', 'naïve 北京 🦜']) {
    expect(llama.tokenize(text)).toEqual([...tokenizer.encode(text)]);
  }
});
