/** Tokenizers of every kind in a real llama.cpp: the ids of the Rust library, but for what llama.cpp is known to read otherwise. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { tokenizerFromGguf } from '../../../../src/main/engine/tokenizer/gguf-vocabulary.ts';
import type { GgufPairs } from '../../../../src/main/engine/tokenizer/gguf-pairs.ts';
import { preTokenizerRule } from '../../../../src/main/engine/tokenizer/pre-tokenizers.ts';
import { ggufTokenizer } from '../../../../src/main/engine/tokenizer/to-gguf.ts';
import { createTokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { openVocabulary } from '../../../support/llama-cpp.ts';
import { writeVocabularyGguf } from '../../../support/vocabulary-gguf.ts';
import { oracleCases, readJson, sentencePiece, tinyFiles, tinyIds } from './fixtures.ts';
import { filesOfRule, kindConfig, kindFiles, kindsInGguf } from './kinds-in-gguf.ts';
import { readKind } from './kinds.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-vocabulary-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** By kind: the texts that llama.cpp reads otherwise than the Rust library, and why. */
const differences = z
  .record(z.string(), z.array(z.strictObject({ reason: z.string(), texts: z.array(z.string()) })))
  .parse(readJson(join(import.meta.dirname, 'llama-cpp-differences.json')));

type Case = readonly [text: string, ids: number[], ...rest: unknown[]];

/** The texts to which llama.cpp gives other ids, read from a file of these keys. */
async function unlikeLlamaCpp(
  pairs: GgufPairs,
  start: number | null,
  cases: readonly Case[],
): Promise<string[]> {
  const path = join(folder, 'vocabulary.gguf');
  rmSync(path, { force: true });
  await writeVocabularyGguf(path, pairs);
  const llama = await openVocabulary(path);
  const before = start === null ? [] : [start];
  const wrong = cases.filter(
    ([text, ids]) =>
      // node-llama-cpp gives nothing for nothing, whatever stands before texts.
      text !== '' && llama.tokenize(text, true).join() !== [...before, ...ids].join(),
  );
  await llama.dispose();
  return wrong.map(([text]) => text);
}

test.each(kindsInGguf)('%s', async (name) => {
  const [files, config] = [kindFiles(name), kindConfig(name)];
  const { metadata } = ggufTokenizer(files, config, name);
  const { startsWithBos, bosTokenId } = createTokenizer(files, config);
  const start = startsWithBos ? bosTokenId : null;
  const known = (differences[name] ?? []).flatMap(({ texts }) => texts);
  const wrong = await unlikeLlamaCpp(metadata, start, readKind(name).cases);
  expect(new Set(wrong)).toEqual(new Set(known));
});

/** Rules that no kind above has. */
test.each(['default', 'smollm', 'llama-bpe', 'smaug-bpe', 'qwen2'])('the rule %s', async (name) => {
  const [files, config] = [filesOfRule(name), kindConfig('gpt-2')];
  const own = createTokenizer(files, config);
  const { metadata } = ggufTokenizer(files, config, name);
  const texts = readKind('gpt-2').cases.map(([text]) => text);
  const wrong = await unlikeLlamaCpp(
    metadata,
    null,
    texts.map((text) => [text, own.encode(text)]),
  );
  // llama.cpp does not compose characters where the tokenizer does.
  const composed = preTokenizerRule(name)?.normalizer !== null;
  expect(wrong).toEqual(texts.filter((text) => composed && text !== text.normalize('NFC')));
});

test('the tiny models', async () => {
  const { metadata } = ggufTokenizer(tinyFiles(), tinyIds, 'm');
  expect(await unlikeLlamaCpp(metadata, null, oracleCases('tiny'))).toEqual([]);
});

test('a SentencePiece vocabulary that puts a space before texts', async () => {
  const files = tokenizerFromGguf(sentencePiece.metadata, 'm.gguf');
  const config = { bosTokenId: 1, eosTokenIds: [2], vocabSize: sentencePiece.tokens };
  const { metadata, notices } = ggufTokenizer(files, config, 'm');
  expect(notices).toEqual([]);
  expect(await unlikeLlamaCpp(metadata, 1, oracleCases('sentencepiece'))).toEqual([]);
});
